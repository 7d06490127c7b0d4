package wechat

// CertHash and TokenTTL are for the tests.
var (
	CertHash = certHash
	TokenTTL = tokenTTL
)
