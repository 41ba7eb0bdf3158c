// Everything that a browser test needs, by one name.
export { violations } from './axe.mjs';
export { Device, device, keptDevice, launch, pc, phone, screenshot } from './browser.mjs';
export { Cli } from './cli.mjs';
export { community } from './community.mjs';
export { Daemon } from './daemon.mjs';
export { Flood, floodSettings } from './flood.mjs';
export * as home from './home.mjs';
export { freeze, Ime } from './input.mjs';
export { program, root, site, temporaryFolder } from './files.mjs';
export { atEnd, fileScope } from './scope.mjs';
export { until } from './until.mjs';
