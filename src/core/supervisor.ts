/** Who started us as a service and wants to hear from us (sd_notify(3)). */
export interface Supervisor {
  /** The path or name of its socket. */
  socket: string;
  /** It restarts us where it has heard nothing for so long, milliseconds; null: it does not watch. */
  watchdogMs: number | null;
}
