const ZONELESS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;

/** An ISO 8601 text that names no zone, as UTC; anything else as it is. `Date.parse` would take the server's zone (RT4). */
export const inUtc = (text: string): string => (ZONELESS.test(text) ? `${text}Z` : text);
