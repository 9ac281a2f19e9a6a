/** For a link that fills the row or card it stands in. */
export const ROW_LINK =
  '-outline-offset-2 after:absolute after:inset-0 focus-visible:outline-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent';
