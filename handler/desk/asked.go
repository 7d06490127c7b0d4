package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"mime/multipart"
	"net/url"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// keyed notes on the actor what a form with a key asks, so that the same form sent
// again is known, and another one under its key is refused.
func keyed(c *gin.Context) error {
	if c.Request.PostForm.Get("key") == "" {
		return nil
	}
	asked := maps.Clone(c.Request.PostForm)
	if c.Request.MultipartForm != nil {
		for name, parts := range c.Request.MultipartForm.File {
			for _, part := range parts {
				sum, err := contentSum(part)
				if err != nil {
					return err
				}
				asked.Add("file "+name, part.Filename+" "+sum)
			}
		}
	}
	by := web.Actor(c)
	by.Asked = askedBy(c, asked)
	c.Set(web.ActorKey, by)
	return nil
}

// askedBy is what a form asks, from its address and its values. Several forms of a
// page share the page's key, so that the key belongs to the address as well.
func askedBy(c *gin.Context, values url.Values) model.Asked {
	key := values.Get("key")
	rest := maps.Clone(values)
	rest.Del("key")
	return model.Asked{Key: sum(c.Request.URL.Path + "\n" + key), Digest: sum(rest.Encode())}
}

func sum(s string) string {
	b := sha256.Sum256([]byte(s))
	return hex.EncodeToString(b[:])
}

func contentSum(part *multipart.FileHeader) (string, error) {
	f, err := part.Open()
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // read only
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
