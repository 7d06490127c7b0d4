package object

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// MinIOConfig says where the bucket is.
type MinIOConfig struct {
	Endpoint  string // host:port
	AccessKey string
	SecretKey string
	Bucket    string
	Region    string
	Secure    bool
	// PublicEndpoint is the host that phones reach for direct uploads, "" when
	// there is none: then the store is no Presigner for them.
	PublicEndpoint string
	PublicSecure   bool
	// RetentionDays locks retained objects for so many days against deletion by
	// anyone (object lock, compliance mode); 0 for none. It needs a bucket that
	// was created with it.
	RetentionDays int
	// Silence is how long a connection lives on which nothing moves, 3 minutes
	// when 0. Requests have deadlines; background work has none, and would wait
	// for ever for the rest of a body from a server that hangs.
	Silence time.Duration
}

// quietConn is a connection that ends when nothing moved on it for a while.
type quietConn struct {
	net.Conn
	silence time.Duration
}

// Read implements io.Reader.
func (c quietConn) Read(b []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.silence)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

// Write implements io.Writer. It also gives a Read that waits meanwhile, for the
// answer to a long upload, its time anew.
func (c quietConn) Write(b []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.silence)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// MinIO is a Store in a bucket of an S3 server.
type MinIO struct {
	cfg    MinIOConfig
	client *minio.Client
	public *minio.Client
	now    func() time.Time
}

// NewMinIO connects to the server and makes sure of the bucket: created with
// versioning (and object lock if retention is asked for) when it is not there,
// checked when it is.
func NewMinIO(ctx context.Context, cfg MinIOConfig, now func() time.Time) (*MinIO, error) {
	transport, err := minio.DefaultTransport(cfg.Secure)
	if err != nil {
		return nil, fmt.Errorf("object store: %w", err)
	}
	silence := cfg.Silence
	if silence == 0 {
		silence = 3 * time.Minute // as long as the longest upload may wait for its phone
	}
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return quietConn{c, silence}, nil
	}
	transport.MaxIdleConnsPerHost = 64
	transport.WriteBufferSize = 16 << 10 // as many as there are uploads
	open := func(endpoint string, secure bool, t http.RoundTripper) (*minio.Client, error) {
		return minio.New(endpoint, &minio.Options{
			Creds:  credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""),
			Secure: secure, Region: cfg.Region, Transport: t, MaxRetries: 3,
		})
	}
	m := &MinIO{cfg: cfg, now: now}
	if m.client, err = open(cfg.Endpoint, cfg.Secure, transport); err != nil {
		return nil, fmt.Errorf("object store: %w", err)
	}
	if cfg.PublicEndpoint != "" {
		// Signs for another host name; it is never called.
		if m.public, err = open(cfg.PublicEndpoint, cfg.PublicSecure, nil); err != nil {
			return nil, fmt.Errorf("object store: %w", err)
		}
	}
	if err := m.ensureBucket(ctx); err != nil {
		return nil, fmt.Errorf("object store: bucket %s: %w", cfg.Bucket, err)
	}
	return m, nil
}

func (m *MinIO) ensureBucket(ctx context.Context) error {
	exists, err := m.client.BucketExists(ctx, m.cfg.Bucket)
	if err != nil {
		return m.translate(err)
	}
	if !exists {
		err := m.client.MakeBucket(ctx, m.cfg.Bucket,
			minio.MakeBucketOptions{Region: m.cfg.Region, ObjectLocking: m.cfg.RetentionDays > 0})
		if code := minio.ToErrorResponse(err).Code; err != nil && code != "BucketAlreadyOwnedByYou" {
			return m.translate(err)
		}
	}
	v, err := m.client.GetBucketVersioning(ctx, m.cfg.Bucket)
	if err != nil {
		return m.translate(err)
	}
	// A bucket that was just made, by this program or by another that starts
	// with it or was killed while it did, has nothing in it yet.
	if !v.Enabled() && !v.Suspended() && m.isEmpty(ctx) {
		if err := m.client.EnableVersioning(ctx, m.cfg.Bucket); err != nil {
			return m.translate(err)
		}
	} else if !v.Enabled() {
		return errors.New("versioning is off: turn it on, evidence must not be overwritten")
	}
	if m.cfg.RetentionDays > 0 {
		if lock, _, _, _, err := m.client.GetObjectLockConfig(ctx, m.cfg.Bucket); err != nil || lock != "Enabled" {
			return errors.New("object lock is off, but retention is configured: it needs a bucket created with object lock")
		}
	}
	return nil
}

func (m *MinIO) isEmpty(ctx context.Context) bool {
	ctx, stop := context.WithCancel(ctx)
	defer stop() // ends the listing
	for range m.client.ListObjects(ctx, m.cfg.Bucket, minio.ListObjectsOptions{Recursive: true, MaxKeys: 1}) {
		return false // an object, or an error
	}
	return true
}

// Put implements Store. The known size makes it one PUT without a buffer, and
// the payload is not hashed a second time: the caller's SHA-256 is the proof.
func (m *MinIO) Put(ctx context.Context, key string, r io.Reader, size int64, opt PutOptions) error {
	if err := checkKey(key); err != nil {
		return err
	}
	o := minio.PutObjectOptions{ContentType: opt.ContentType, DisableContentSha256: true, DisableMultipart: true}
	o.SetMatchETagExcept("*")
	body := &exactReader{r: contextReader{ctx, r}, left: size}
	_, err := m.client.PutObject(ctx, m.cfg.Bucket, key, body, size, o)
	switch {
	case body.err != nil:
		return body.err // the reader's own failure says more than the broken request
	case err != nil:
		return m.translate(err)
	case !body.atEnd():
		// One byte more than stated: the object is there and must go.
		return errors.Join(ErrSize, m.Remove(context.WithoutCancel(ctx), key))
	}
	if opt.Retain && m.cfg.RetentionDays > 0 {
		// A lock in the PUT itself would need the body's MD5 before its first byte.
		mode, until := minio.Compliance, m.now().AddDate(0, 0, m.cfg.RetentionDays)
		err := m.client.PutObjectRetention(ctx, m.cfg.Bucket, key, minio.PutObjectRetentionOptions{Mode: &mode, RetainUntilDate: &until})
		return m.translate(err)
	}
	return nil
}

// exactReader gives at most the stated bytes and fails when there are fewer.
type exactReader struct {
	r    io.Reader
	left int64
	err  error
}

func (e *exactReader) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > e.left {
		p = p[:e.left]
	}
	n, err := e.r.Read(p)
	e.left -= int64(n)
	switch {
	case err == io.EOF && e.left > 0:
		e.err = ErrSize
		return n, e.err
	case err != nil && err != io.EOF:
		e.err = err
	}
	return n, err
}

func (e *exactReader) atEnd() bool {
	n, _ := e.r.Read(make([]byte, 1))
	return n == 0
}

// Open implements Store.
func (m *MinIO) Open(ctx context.Context, key string) (Object, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, ErrNotExist
	}
	o, err := m.client.GetObject(ctx, m.cfg.Bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, Info{}, m.translate(err)
	}
	st, err := o.Stat()
	if err != nil {
		_ = o.Close() // nothing was read
		return nil, Info{}, m.translate(err)
	}
	return o, Info{Key: key, Size: st.Size, ModTime: st.LastModified, ContentType: st.ContentType}, nil
}

// Remove implements Store. With versioning the bytes stay as an old version
// until the bucket's lifecycle removes them.
func (m *MinIO) Remove(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	return m.translate(m.client.RemoveObject(ctx, m.cfg.Bucket, key, minio.RemoveObjectOptions{}))
}

// List implements Store.
func (m *MinIO) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		for o := range m.client.ListObjects(ctx, m.cfg.Bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
			if o.Err != nil {
				yield(Info{}, m.translate(o.Err))
				return
			}
			if !yield(Info{Key: o.Key, Size: o.Size, ModTime: o.LastModified}, nil) {
				return
			}
		}
	}
}

// Ready implements Store.
func (m *MinIO) Ready(ctx context.Context) error {
	ok, err := m.client.BucketExists(ctx, m.cfg.Bucket)
	if err == nil && !ok {
		return fmt.Errorf("%w: the bucket is gone", ErrUnavailable)
	}
	return m.translate(err)
}

// PresignPost implements Presigner. Every field of the form stands in the
// policy's conditions, as S3 demands.
func (m *MinIO) PresignPost(ctx context.Context, key string, maxSize int64, contentType string, life time.Duration) (
	string, map[string]string, error,
) {
	if m.public == nil {
		return "", nil, fmt.Errorf("%w: no public endpoint is configured", ErrUnavailable)
	}
	if err := checkKey(key); err != nil {
		return "", nil, err
	}
	p := minio.NewPostPolicy()
	err := errors.Join(
		p.SetBucket(m.cfg.Bucket), p.SetKey(key), p.SetExpires(m.now().Add(life).UTC()), p.SetContentType(contentType),
		p.SetContentLengthRange(1, maxSize), p.SetSuccessStatusAction("201"),
	)
	if err != nil {
		return "", nil, fmt.Errorf("presign: %w", err)
	}
	u, form, err := m.public.PresignedPostPolicy(ctx, p)
	if err != nil {
		return "", nil, m.translate(err)
	}
	return u.String(), form, nil
}

func (m *MinIO) translate(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	r := minio.ToErrorResponse(err)
	switch {
	case r.Code == "NoSuchKey" || r.StatusCode == http.StatusNotFound && !strings.Contains(r.Code, "Bucket"):
		return ErrNotExist
	case r.StatusCode == http.StatusPreconditionFailed:
		return ErrExist
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
