/** Reasons that hold in several places. */
export const FASTER = 'only faster: what is left out is found out further down too';
/** Of a problem with the configuration. */
export const PROSE = 'prose: tests ask for the code and the place of a problem, not for its words';
/** Of what the compiler cannot know. */
export const TYPE = 'the compiler wants it said: what is asked for is always there';
export const MISSING = 'the type wants it missing; a member that is undefined reads as one that is missing';
/** Of what is made of a value that is refused. */
export const UNUSED = 'beside a problem, what is returned is not used';
