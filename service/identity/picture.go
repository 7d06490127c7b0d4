package identity

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// pictureLife is how long the address of a picture opens it. A phone that shows a
// page longer asks for the page again.
const pictureLife = 10 * time.Minute

// Picture names one copy of a file.
type Picture struct {
	FileID  int64
	Variant string // of the copy, or "tile:3"
}

var errPicture = model.E(model.NotFound, "picture.expired", "图片地址已失效，请刷新页面后再看")

// SignPicture is a token that opens one copy of a file for a while, for the actor
// alone and as long as his session lives: what shows pictures on a phone sends no
// header. Whether he may see the file is asked when the token is used, not here.
// It is "" for who came without a session.
func (s *Service) SignPicture(by model.Actor, p Picture) string {
	if by.Session == "" {
		return ""
	}
	text := strings.Join([]string{
		strconv.FormatInt(p.FileID, 36), p.Variant, strconv.FormatInt(s.cfg.Now().Add(pictureLife).Unix(), 36), by.Session,
	}, "|")
	return base64.RawURLEncoding.EncodeToString([]byte(text + "|" + s.db.LookupHash(storage.LookupPicture, text)))
}

// OpenPicture is who may use a token now, and for which copy of which file.
// NotFound picture.expired for one that was changed, is over, or whose session
// ended; it does not say which.
func (s *Service) OpenPicture(ctx context.Context, token string) (model.Actor, Picture, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) > 400 {
		return model.Actor{}, Picture{}, errPicture
	}
	cut := strings.LastIndexByte(string(raw), '|')
	if cut < 0 || !hmac.Equal(raw[cut+1:], []byte(s.db.LookupHash(storage.LookupPicture, string(raw[:cut])))) {
		return model.Actor{}, Picture{}, errPicture
	}
	part := strings.Split(string(raw[:cut]), "|")
	if len(part) != 4 {
		return model.Actor{}, Picture{}, errPicture
	}
	file, err := strconv.ParseInt(part[0], 36, 64)
	if err != nil {
		return model.Actor{}, Picture{}, errPicture
	}
	until, err := strconv.ParseInt(part[2], 36, 64)
	if err != nil || !time.Unix(until, 0).After(s.cfg.Now()) {
		return model.Actor{}, Picture{}, errPicture
	}
	by, err := s.authenticate(ctx, s.digests, part[3], false)
	if err != nil {
		if model.KindOf(err) == model.Unauthenticated {
			err = errPicture.WithCause(err)
		}
		return model.Actor{}, Picture{}, err
	}
	return by, Picture{FileID: file, Variant: part[1]}, nil
}
