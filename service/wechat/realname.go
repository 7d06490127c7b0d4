package wechat

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"microcourt/model"
)

const (
	startFacePath  = "/cityservice/face/identify/getverifyid"
	finishFacePath = "/cityservice/face/identify/queryverifyinfo"
	certType       = "IDENTITY_CARD" // mainland second-generation cards are the only kind that is accepted
	facePassed     = 10000
)

// StartRealName opens a face verification (人脸核身 2.0) of the person logged in
// as openID against a name and an ID number. The mini-program passes verifyID to
// wx.requestFacialVerify within 3600 s; keep outSeqNo for FinishRealName. The
// ability is given to government accounts on application only. Errors:
// Unavailable wechat.unavailable; Internal wechat.configuration.
func (c *Client) StartRealName(ctx context.Context, openID, name, idNumber string) (verifyID, outSeqNo string, err error) {
	outSeqNo = c.cfg.NewCode()
	in := map[string]any{
		"out_seq_no": outSeqNo, "openid": openID,
		"cert_info": map[string]string{"cert_type": certType, "cert_name": name, "cert_no": idNumber},
	}
	var got struct {
		VerifyID string `json:"verify_id"`
	}
	err = c.post(ctx, startFacePath, in, &got)
	if err == nil && got.VerifyID == "" {
		err = newTransportError(startFacePath, true, errors.New("the answer holds no verify_id"))
	}
	if err != nil {
		return "", "", userError(err)
	}
	return got.VerifyID, outSeqNo, nil
}

// RealName is one face verification that was started.
type RealName struct {
	OpenID, VerifyID, OutSeqNo string
	Name, IDNumber             string // as given to StartRealName
}

// FinishRealName asks WeChat how a face verification ended. Only this answer
// counts; the mini-program's own report proves nothing. It is false when the
// person failed, gave up, or the time is over. Errors: Invalid
// wechat.real_name_mismatch when the verification was not for this person;
// Unavailable wechat.unavailable; Internal wechat.configuration.
func (c *Client) FinishRealName(ctx context.Context, r RealName) (bool, error) {
	in := map[string]string{
		"verify_id": r.VerifyID, "out_seq_no": r.OutSeqNo, "openid": r.OpenID, "cert_hash": certHash(r.Name, r.IDNumber),
	}
	var got struct {
		Result *int `json:"verify_ret"`
	}
	err := c.post(ctx, finishFacePath, in, &got)
	switch codeOf(err) {
	case 40003, 43104, 40097:
		return false, model.E(model.Invalid, "wechat.real_name_mismatch", "实名核验与当前登录的微信或所填身份不一致，请重新核验").WithCause(err)
	}
	if err == nil && got.Result == nil {
		err = newTransportError(finishFacePath, true, errors.New("the answer holds no result"))
	}
	if err != nil {
		return false, userError(err)
	}
	return *got.Result == facePassed, nil
}

// certHash is the documented digest by which WeChat checks that start and
// finish speak of the same person.
func certHash(name, idNumber string) string {
	b64 := base64.StdEncoding.EncodeToString
	sum := sha256.Sum256(fmt.Appendf(nil, "cert_type=%s&cert_name=%s&cert_no=%s",
		b64([]byte(certType)), b64([]byte(name)), b64([]byte(idNumber))))
	return hex.EncodeToString(sum[:])
}
