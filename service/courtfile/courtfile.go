// Package courtfile hands materials over to the electronic files (电子卷宗) of a
// court's case system. Courts' systems differ; this is the interface that is asked
// of whoever connects one, and deploy/docs/dossier.md describes it:
//
//	PUT {endpoint}/v1/materials/{key}
//
// with a multipart body of two parts, meta (JSON) and content (the file). The key is
// the material's natural name and the digest of its content stands in meta: the same
// again is answered with the same receipt, another content under a known key is
// refused (409). Requests are signed with a shared secret.
package courtfile

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"microcourt/model"
)

// DemoClient begins the names of accounts that stand for nobody: they work with the
// fake on this machine and nowhere else, and the fake knows no others.
const DemoClient = "demo-"

// Config is one account with the case system.
type Config struct {
	Endpoint     string // https://…, without a path behind
	ClientID     string
	ClientSecret string
	Now          func() time.Time
}

// Client hands materials over.
type Client struct {
	cfg  Config
	http *http.Client
}

// New makes a client. A demonstration account and a real case system never meet.
func New(cfg Config) (*Client, error) {
	u, err := url.Parse(cfg.Endpoint)
	if err != nil || u.Host == "" || cfg.ClientID == "" || cfg.ClientSecret == "" || cfg.Now == nil {
		return nil, errors.New("courtfile: endpoint, client id and client secret are required")
	}
	here := u.Hostname() == "localhost"
	if ip := net.ParseIP(u.Hostname()); ip != nil {
		here = ip.IsLoopback()
	}
	switch demo := strings.HasPrefix(cfg.ClientID, DemoClient); {
	case demo && !here:
		return nil, errors.New("courtfile: a demonstration account is for a case system on this machine only")
	case u.Scheme != "https" && !here:
		return nil, errors.New("courtfile: the case system is spoken to over https")
	}
	cfg.Endpoint = strings.TrimSuffix(cfg.Endpoint, "/")
	return &Client{cfg: cfg, http: &http.Client{Timeout: time.Minute}}, nil
}

// Meta is what is said of a material.
type Meta struct {
	CourtCode string    `json:"court_code"`
	CaseNo    string    `json:"case_no"`
	Part      string    `json:"part"`
	Title     string    `json:"title"`
	MadeAt    time.Time `json:"made_at"`
	Name      string    `json:"name"`
	MediaType string    `json:"media_type"`
	Size      int       `json:"size"`
	SHA256    string    `json:"sha256"`
}

// Sign is the signature of a request: HMAC-SHA256 in hex over method, path, the Unix
// time in seconds and the digest of the content, each on a line.
func Sign(secret, method, path, at, sum string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, strings.Join([]string{method, path, at, sum}, "\n")) // a hash takes everything
	return hex.EncodeToString(mac.Sum(nil))
}

// File hands a material over and returns its receipt. Its errors are Unavailable when
// it may be tried again, and Invalid, with the reason in words, when the case system
// will not take it as it is.
func (c *Client) File(ctx context.Context, m model.DossierMaterial) (string, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	meta, err := json.Marshal(Meta{
		CourtCode: m.CourtCode, CaseNo: m.CaseNo, Part: m.Part, Title: m.Title, MadeAt: m.MadeAt.UTC(), Name: m.Name, MediaType: m.MediaType, Size: len(m.Content), SHA256: m.SHA256,
	})
	if err != nil {
		return "", err
	}
	for _, part := range []struct {
		name, kind string
		content    []byte
	}{{"meta", "application/json", meta}, {"content", m.MediaType, m.Content}} {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", `form-data; name="`+part.name+`"; filename="`+part.name+`"`)
		h.Set("Content-Type", part.kind)
		p, err := w.CreatePart(h)
		if err != nil {
			return "", err
		}
		if _, err := p.Write(part.content); err != nil {
			return "", err
		}
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	path := "/v1/materials/" + url.PathEscape(m.Key)
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, c.cfg.Endpoint+path, &body)
	if err != nil {
		return "", err
	}
	at := strconv.FormatInt(c.cfg.Now().Unix(), 10)
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("X-Client-Id", c.cfg.ClientID)
	req.Header.Set("X-Timestamp", at)
	req.Header.Set("X-Signature", Sign(c.cfg.ClientSecret, req.Method, path, at, m.SHA256))
	res, err := c.http.Do(req)
	if err != nil {
		return "", model.E(model.Unavailable, "dossier.unreachable", "连接不上电子卷宗系统").WithCause(err)
	}
	defer func() { _ = res.Body.Close() }() // read only
	return answer(res, m)
}

// Refusals are the codes with which a case system refuses a material, in words.
var refusals = map[string]string{
	"case_unknown":    "审判管理系统中没有这个案号，请核对案号或先在审判管理系统立案",
	"content_differs": "同一材料已经以不同的内容入卷，请联系技术人员核对",
	"case_closed":     "该案卷宗已经归档，不能再加入材料，请在审判管理系统申请补充归档",
	"too_large":       "材料超过电子卷宗系统允许的大小，请打印后人工入卷",
	"type_refused":    "电子卷宗系统不接受这种文件，请打印后人工入卷",
	"meta_invalid":    "材料的目录信息不符合电子卷宗系统的要求，请联系技术人员",
}

func answer(res *http.Response, m model.DossierMaterial) (string, error) {
	var out struct {
		ReceiptNo string `json:"receipt_no"`
		SHA256    string `json:"sha256"`
		Code      string `json:"code"`
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err == nil && len(b) > 0 {
		err = json.Unmarshal(b, &out)
	}
	if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusCreated {
		switch {
		case err != nil || out.ReceiptNo == "" || len(out.ReceiptNo) > 100:
			return "", model.E(model.Unavailable, "dossier.answer", "电子卷宗系统的回复不完整").WithCause(err)
		case out.SHA256 != m.SHA256:
			return "", model.E(model.Unavailable, "dossier.answer", "电子卷宗系统收到的内容与本系统的不一致")
		}
		return out.ReceiptNo, nil
	}
	cause := fmt.Errorf("status %d, code %q", res.StatusCode, out.Code)
	if words, known := refusals[out.Code]; known {
		return "", model.E(model.Invalid, "dossier.refused", words).WithCause(cause)
	}
	switch res.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "", model.E(model.Unavailable, "dossier.account", "电子卷宗系统不接受本系统的账号，请联系技术人员").WithCause(cause)
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge, http.StatusConflict, http.StatusNotFound, http.StatusGone:
		return "", model.E(model.Invalid, "dossier.refused", "电子卷宗系统拒收（"+strconv.Itoa(res.StatusCode)+"），请联系技术人员").WithCause(cause)
	}
	return "", model.E(model.Unavailable, "dossier.unreachable", "电子卷宗系统暂时不能处理").WithCause(cause)
}
