/** Where a part writes down what nobody in the chat can mend; pino's shape. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** For whoever tells what went wrong themselves. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
