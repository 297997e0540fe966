const NAMES = 'wandb|mlflow|neptune|comet\\w*|clearml|swanlab|aim|trackio';
const LINE = new RegExp(`^\\W*(?:${NAMES})\\b`, 'i');
/** Their packages, and others that work in threads of their own beside a training. */
const FILE = new RegExp(`[\\\\/]site-packages[\\\\/](?:${NAMES}|tensorboardX?|sentry_sdk|tqdm)[\\\\/]`, 'i');

/** Whether a line is an experiment tracker's own: it tells of what was, and stands after the end too. */
export const isTrackersLine = (line: string): boolean => LINE.test(line);
export const isTrackersFile = (file: string): boolean => FILE.test(file);
