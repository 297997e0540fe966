/** What presets, people, channels and the like may be called in xaxbot.yaml. */
export const SETTING_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const SETTING_NAME_WORDS = 'letters, digits, ".", "_" and "-", at most 64';
