export const SDK_NAME = 'tokentrace';
/** The package's version; a test compares the two. */
export const SDK_VERSION = '2.0.0';
