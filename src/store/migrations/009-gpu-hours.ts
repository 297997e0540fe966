/** How many GPUs the queue held when a job began: what its hours are multiplied by. NULL: nobody could tell. */
export const GPU_HOURS = `
ALTER TABLE jobs ADD COLUMN gpus INTEGER;
`;
