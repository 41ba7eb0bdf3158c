// A scope outside of node:test: what began with it ends with `end`.
export function fileScope() {
  const endings = [];
  return {
    after: (ending) => endings.push(ending),
    end: async () => {
      for (const ending of endings.reverse()) await ending();
    },
  };
}
