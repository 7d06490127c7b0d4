package identity

// The two steps of LinkStaff, for what happens between them.
var (
	CheckCredentials = (*Service).checkCredentials
	LinkProven       = (*Service).linkProven
)
