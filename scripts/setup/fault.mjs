/** Something that the person at the terminal can mend; its message says how, and is all that they are shown. */
export class SetupFault extends Error {}
