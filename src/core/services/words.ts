/** Where somebody's words stand. */
export type WordsKind = 'note' | 'experiment' | 'launch' | 'plan' | 'dismissal' | 'proposal' | 'chat';

export interface Words {
  kind: WordsKind;
  /** A number, an experiment with what its text is of, or a message of the web chat. */
  of: string;
  /** Epoch milliseconds; null: not known. */
  at: number | null;
  text: string;
}

/** What a person has written, and its removal. */
export interface WordsService {
  /** Whoever is meant by a name or an id; somebody whom nobody knows, who has written nothing, is called by it. */
  meant(person: string): { id: string; name: string };
  of(person: string): Words[];
  /** Takes them out, and puts a mark in their place; how many there were of each kind. */
  remove(person: string): Promise<Partial<Record<WordsKind, number>>>;
}
