/** Claims name every column of a scope, and its webhook came after them: made anew, the newer one of them last. */
export const pollClaims: string = `
SELECT {schema}.make_claim_functions('poll_scope', '');
SELECT {schema}.make_claim_function('poll_scope', '');
`;
