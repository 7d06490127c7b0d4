package wechattest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"time"
)

const verificationLife = 3600 * time.Second

var outSeqPattern = regexp.MustCompile(`^[0-9A-Za-z_-]{5,32}$`)

// verification is one face verification under way. The person's data is kept
// only as the digest that the platform compares.
type verification struct {
	openID, outSeqNo, certHash string
	made                       time.Time
}

func (f *Fake) startVerification(c *call) any {
	var in struct {
		OutSeqNo string `json:"out_seq_no"`
		OpenID   string `json:"openid"`
		Cert     struct {
			Type string `json:"cert_type"`
			Name string `json:"cert_name"`
			No   string `json:"cert_no"`
		} `json:"cert_info"`
	}
	if no, bad := c.read(&in); bad {
		return no
	}
	if _, ok := f.users[in.OpenID]; !ok {
		return refusal{40003, "invalid openid"}
	}
	if !outSeqPattern.MatchString(in.OutSeqNo) || in.Cert.Type != "IDENTITY_CARD" || in.Cert.Name == "" || in.Cert.No == "" {
		return refusal{40097, "invalid args"}
	}
	part := func(key, value string) string { return key + "=" + base64.StdEncoding.EncodeToString([]byte(value)) }
	sum := sha256.Sum256([]byte(part("cert_type", in.Cert.Type) + "&" + part("cert_name", in.Cert.Name) + "&" + part("cert_no", in.Cert.No)))
	id := f.id(64)
	f.verify[id] = &verification{in.OpenID, in.OutSeqNo, hex.EncodeToString(sum[:]), c.now}
	return reply{"errcode": 0, "errmsg": "ok", "verify_id": id, "expires_in": int64(verificationLife / time.Second)}
}

func (f *Fake) finishVerification(c *call) any {
	var in struct {
		VerifyID string `json:"verify_id"`
		OutSeqNo string `json:"out_seq_no"`
		OpenID   string `json:"openid"`
		CertHash string `json:"cert_hash"`
	}
	if no, bad := c.read(&in); bad {
		return no
	}
	v, ok := f.verify[in.VerifyID]
	if !ok || v.openID != in.OpenID || v.outSeqNo != in.OutSeqNo || v.certHash != in.CertHash {
		return refusal{40097, "invalid args"}
	}
	result := f.users[v.openID].FaceResult
	switch {
	case c.now.Sub(v.made) > verificationLife:
		result = 90100 // over time
	case result == 0:
		result = 10000
	}
	return reply{"errcode": 0, "errmsg": "ok", "verify_ret": result}
}
