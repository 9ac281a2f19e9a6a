/** The header in which we tell the sign-in library the caller's address; one sent by a client is dropped. */
export const clientAddressHeader = 'x-client-ip';
