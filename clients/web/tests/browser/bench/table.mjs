// Figures and their budgets as a table on standard output.
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
export const spread = (values) => `${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))}, ${values.length} runs`;

export function print(rows) {
  const cells = rows.map(({ what, value, unit = 'ms', budget, note = '' }) => [
    what,
    value === undefined ? '-' : `${Math.round(value * 10) / 10} ${unit}`,
    budget === undefined ? '' : `${budget} ${unit}`,
    budget === undefined || value === undefined ? '' : value <= budget ? 'within' : 'OVER',
    note,
  ]);
  cells.unshift(['measure', 'figure', 'budget', '', 'range']);
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  for (const row of cells) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}
