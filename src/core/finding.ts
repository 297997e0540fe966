/** How one of the things is that a bot needs. */
export interface Finding {
  name: string;
  state: 'ok' | 'warning' | 'failure';
  detail: string;
  /** What mends it, as it is typed or done. */
  mend?: string;
}

export const fine = (name: string, detail: string): Finding => ({ name, state: 'ok', detail });

export const warning = (name: string, detail: string, mend?: string): Finding => ({
  name,
  state: 'warning',
  detail,
  ...(mend === undefined ? {} : { mend }),
});

export const failure = (name: string, detail: string, mend?: string): Finding => ({
  ...warning(name, detail, mend),
  state: 'failure',
});
