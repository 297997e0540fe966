// Runs an ES module in this very process. A file of its own, as older Node versions cannot read it.
const { enableCompileCache } = require('module');
const { pathToFileURL } = require('url');

/** `cache`: the folder of compiled code, unless the environment names another. */
exports.runOnThisNode = (main, cache) => {
  enableCompileCache(process.env.NODE_COMPILE_CACHE || cache);
  return import(pathToFileURL(main));
};
