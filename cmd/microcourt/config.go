package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"microcourt/model"
	"microcourt/service/channel"
	"microcourt/service/courtfile"
	"microcourt/storage"
)

// Config is everything that an installation sets. It comes from a YAML file
// and from the environment, which wins: database.dsn is MICROCOURT_DATABASE__DSN.
// A key whose name ends in _file holds the path of a file with the secret, so
// that secrets stand neither on the command line nor in the process list. The
// keys are described in deploy/config.example.yaml.
type Config struct {
	Listen         string   `koanf:"listen"`
	PublicURL      string   `koanf:"public_url"`
	DataDir        string   `koanf:"data_dir"`
	TrustedProxies []string `koanf:"trusted_proxies"`
	AddressHeader  string   `koanf:"client_address_header"`
	MetricsListen  string   `koanf:"metrics_listen"`
	LogLevel       string   `koanf:"log_level"`
	KeysFile       string   `koanf:"keys_file"`
	CopiesDir      string   `koanf:"copies_dir"`
	Database       struct {
		Driver   string `koanf:"driver"`
		DSN      string `koanf:"dsn"`
		DSNFile  string `koanf:"dsn_file"`
		MaxConns int    `koanf:"max_conns"`
	} `koanf:"database"`
	Objects struct {
		Driver         string `koanf:"driver"`
		Endpoint       string `koanf:"endpoint"`
		AccessKey      string `koanf:"access_key"`
		SecretKey      string `koanf:"secret_key"`
		SecretKeyFile  string `koanf:"secret_key_file"`
		Bucket         string `koanf:"bucket"`
		Region         string `koanf:"region"`
		Secure         bool   `koanf:"secure"`
		PublicEndpoint string `koanf:"public_endpoint"`
		PublicSecure   bool   `koanf:"public_secure"`
		RetentionDays  int    `koanf:"retention_days"`
		KeepStrays     int    `koanf:"keep_strays_years"`
	} `koanf:"objects"`
	Redis struct {
		Addr         string `koanf:"addr"`
		Password     string `koanf:"password"`
		PasswordFile string `koanf:"password_file"`
		DB           int    `koanf:"db"`
	} `koanf:"redis"`
	WeChat struct {
		AppID      string `koanf:"app_id"`
		Secret     string `koanf:"secret"`
		SecretFile string `koanf:"secret_file"`
		State      string `koanf:"state"`
		RealName   bool   `koanf:"real_name"`
		// ContentCheck is "" or off, text, or text_and_pictures.
		ContentCheck string `koanf:"content_check"`
		// PushToken and PushAESKey are those of 消息推送 in the console.
		PushToken      string                `koanf:"push_token"`
		PushTokenFile  string                `koanf:"push_token_file"`
		PushAESKey     string                `koanf:"push_aes_key"`
		PushAESKeyFile string                `koanf:"push_aes_key_file"`
		Cards          map[string]cardConfig `koanf:"cards"`
	} `koanf:"wechat"`
	// ServiceAccount is the court's 服务号.
	ServiceAccount struct {
		AppID          string                `koanf:"app_id"`
		Secret         string                `koanf:"secret"`
		SecretFile     string                `koanf:"secret_file"`
		PushToken      string                `koanf:"push_token"`
		PushTokenFile  string                `koanf:"push_token_file"`
		PushAESKey     string                `koanf:"push_aes_key"`
		PushAESKeyFile string                `koanf:"push_aes_key_file"`
		Cards          map[string]cardConfig `koanf:"cards"`
	} `koanf:"service_account"`
	// SignOn is the court's single sign-on (统一身份认证), by OpenID Connect.
	SignOn struct {
		Issuer           string `koanf:"issuer"`
		ClientID         string `koanf:"client_id"`
		ClientSecret     string `koanf:"client_secret"`
		ClientSecretFile string `koanf:"client_secret_file"`
		Claim            string `koanf:"claim"`
	} `koanf:"sign_on"`
	Desk struct {
		// UndoSeconds is how long what was decided or answered at the desk can be taken back.
		UndoSeconds int `koanf:"undo_seconds"`
	} `koanf:"desk"`
	SMS struct {
		AccessKeyID         string `koanf:"access_key_id"`
		AccessKeySecret     string `koanf:"access_key_secret"`
		AccessKeySecretFile string `koanf:"access_key_secret_file"`
		SignName            string `koanf:"sign_name"`
		TemplateCode        string `koanf:"template_code"`
	} `koanf:"sms"`
	// Dossier is the court's case system as the keeper of electronic files (电子卷宗).
	Dossier struct {
		Endpoint         string `koanf:"endpoint"`
		ClientID         string `koanf:"client_id"`
		ClientSecret     string `koanf:"client_secret"`
		ClientSecretFile string `koanf:"client_secret_file"`
	} `koanf:"dossier"`
	Signing struct {
		CertFile string `koanf:"cert_file"`
		KeyFile  string `koanf:"key_file"`
		SealDir  string `koanf:"seal_dir"`
	} `koanf:"signing"`
	Papers struct {
		TitleFont string `koanf:"title_font"`
		TextFont  string `koanf:"text_font"`
	} `koanf:"papers"`
	// now is the clock of tests; nil is the system's. It has no key.
	now func() time.Time
	// accept are the marks whose change the operator confirms with this command.
	accept []model.MarkKind
	// restoring lets the command that restores open what is half restored.
	restoring bool
	// step, when set by a test, is told before each step of a restoring.
	step func(name string) error

	Limits struct {
		Login   int `koanf:"login"`
		Bind    int `koanf:"bind"`
		Upload  int `koanf:"upload"`
		Verify  int `koanf:"verify"`
		Open    int `koanf:"open"`
		Address int `koanf:"address"`
	} `koanf:"limits"`
}

type cardConfig struct {
	TemplateID string            `koanf:"template_id"`
	LongTerm   bool              `koanf:"long_term"`
	Fields     map[string]string `koanf:"fields"`
	// Values translates under keywords that take the template's own values only.
	Values map[string]map[string]string `koanf:"values"`
}

const envPrefix = "MICROCOURT_"

// loadConfig reads the file, if one is named, and the environment.
func loadConfig(path string, environ []string) (*Config, error) {
	// Kinds of notice hold dots, so the tree is cut at another character.
	k := koanf.New("/")
	if path != "" {
		if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
			return nil, fmt.Errorf("configuration: %w", err)
		}
	}
	err := k.Load(env.Provider("/", env.Opt{
		Prefix: envPrefix, EnvironFunc: func() []string { return environ },
		TransformFunc: func(key, value string) (string, any) {
			name := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, envPrefix)), "__", "/")
			if name == "trusted_proxies" {
				return name, strings.Fields(strings.ReplaceAll(value, ",", " "))
			}
			return name, value
		},
	}), nil)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	c := &Config{Listen: "127.0.0.1:8080", DataDir: "data", LogLevel: "info"}
	c.Database.Driver, c.Objects.Driver, c.WeChat.State = "sqlite", "dir", "formal"
	c.Objects.KeepStrays = 10
	c.Desk.UndoSeconds = 30
	if err := k.UnmarshalWithConf("", c, koanf.UnmarshalConf{Tag: "koanf"}); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	if err := unknownKeys(k, c); err != nil {
		return nil, err
	}
	return c, errors.Join(c.readSecrets(), c.check())
}

// unknownKeys refuses a misspelt key: a setting that is silently ignored is
// found on the day it would have been needed.
func unknownKeys(k *koanf.Koanf, c *Config) error {
	known := koanf.New("/")
	if err := known.Load(structProvider{c}, nil); err != nil {
		return err
	}
	for _, key := range k.Keys() {
		if strings.HasPrefix(key, "wechat/cards/") || strings.HasPrefix(key, "service_account/cards/") {
			continue
		}
		if !known.Exists(key) {
			return fmt.Errorf("configuration: there is no key %q", strings.ReplaceAll(key, "/", "."))
		}
	}
	return nil
}

func (c *Config) readSecrets() error {
	for _, s := range []struct {
		value *string
		path  string
		name  string
	}{
		{&c.Database.DSN, c.Database.DSNFile, "database.dsn"},
		{&c.Objects.SecretKey, c.Objects.SecretKeyFile, "objects.secret_key"},
		{&c.Redis.Password, c.Redis.PasswordFile, "redis.password"},
		{&c.WeChat.Secret, c.WeChat.SecretFile, "wechat.secret"},
		{&c.WeChat.PushToken, c.WeChat.PushTokenFile, "wechat.push_token"},
		{&c.WeChat.PushAESKey, c.WeChat.PushAESKeyFile, "wechat.push_aes_key"},
		{&c.ServiceAccount.Secret, c.ServiceAccount.SecretFile, "service_account.secret"},
		{&c.ServiceAccount.PushToken, c.ServiceAccount.PushTokenFile, "service_account.push_token"},
		{&c.ServiceAccount.PushAESKey, c.ServiceAccount.PushAESKeyFile, "service_account.push_aes_key"},
		{&c.SignOn.ClientSecret, c.SignOn.ClientSecretFile, "sign_on.client_secret"},
		{&c.SMS.AccessKeySecret, c.SMS.AccessKeySecretFile, "sms.access_key_secret"},
		{&c.Dossier.ClientSecret, c.Dossier.ClientSecretFile, "dossier.client_secret"},
	} {
		if s.path == "" {
			continue
		}
		if *s.value != "" {
			return fmt.Errorf("configuration: %s and %s_file are both set", s.name, s.name)
		}
		b, err := os.ReadFile(s.path)
		if err != nil {
			return fmt.Errorf("configuration: %s_file: %w", s.name, err)
		}
		*s.value = strings.TrimSpace(string(b))
	}
	return nil
}

func (c *Config) check() error {
	if c.SignOn.Issuer != "" && (c.SignOn.ClientID == "" || c.PublicURL == "") {
		return errors.New("configuration: sign_on needs client_id, and public_url, to which the browser comes back")
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.HasSuffix(c.PublicURL, "/") {
			return errors.New("configuration: public_url must look like https://host, without a slash at the end")
		}
	}
	switch {
	case c.Objects.KeepStrays < 0:
		return errors.New("configuration: objects.keep_strays_years is a number of years, or 0 for ever")
	case c.Desk.UndoSeconds < 0 || c.Desk.UndoSeconds > 600:
		return errors.New("configuration: desk.undo_seconds is at most 600, or 0 to carry decisions out at once")
	case c.Database.Driver != "sqlite" && c.Database.Driver != "mysql":
		return errors.New("configuration: database.driver must be sqlite or mysql")
	case c.Database.Driver == "mysql" && c.Database.DSN == "":
		return errors.New("configuration: database.dsn or database.dsn_file is required for mysql")
	case c.Objects.Driver != "dir" && c.Objects.Driver != "minio":
		return errors.New("configuration: objects.driver must be dir or minio")
	case c.Objects.Driver == "minio" && (c.Objects.Endpoint == "" || c.Objects.Bucket == ""):
		return errors.New("configuration: objects.endpoint and objects.bucket are required for minio")
	case (c.WeChat.AppID == "") != (c.WeChat.Secret == ""):
		return errors.New("configuration: wechat.app_id and wechat.secret go together; without both the sandbox is used")
	case !slices.Contains([]string{"", "off", "text", "text_and_pictures"}, c.WeChat.ContentCheck):
		return errors.New("configuration: wechat.content_check is off, text or text_and_pictures")
	case c.WeChat.ContentCheck == "text_and_pictures" && (c.PublicURL == "" || c.production() && c.WeChat.PushToken == ""):
		return errors.New("configuration: wechat.content_check of pictures needs public_url, where WeChat fetches them, and wechat.push_token, by which it answers")
	case (c.WeChat.PushToken == "") != (c.WeChat.PushAESKey == "") || c.WeChat.PushAESKey != "" && len(c.WeChat.PushAESKey) != 43:
		return errors.New("configuration: wechat.push_token and wechat.push_aes_key (43 characters) go together; pushes are taken encrypted only")
	case c.ServiceAccount.AppID != "" && (!c.production() || c.ServiceAccount.Secret == "" || c.ServiceAccount.PushToken == "" || len(c.ServiceAccount.PushAESKey) != 43):
		return errors.New("configuration: service_account needs app_id, secret, push_token and push_aes_key (43 characters), and a real mini-program beside it")
	case !c.production() && c.SMS.AccessKeyID != "":
		return errors.New("configuration: sms.* sends to real phones; it needs a real WeChat account, the sandbox refuses it")
	case !c.production() && c.Dossier.Endpoint != "" && !strings.HasPrefix(c.Dossier.ClientID, courtfile.DemoClient):
		return errors.New("configuration: dossier.* files into real cases; it needs a real WeChat account, the sandbox takes a demonstration account only")
	case c.Dossier.Endpoint != "" && (c.Dossier.ClientID == "" || c.Dossier.ClientSecret == ""):
		return errors.New("configuration: dossier needs endpoint, client_id and client_secret")
	case c.production() && c.PublicURL == "":
		return errors.New("configuration: public_url is required; it is printed on certificates")
	case c.production() && (c.Signing.CertFile == "" || c.Signing.KeyFile == ""):
		return errors.New("configuration: signing.cert_file and signing.key_file are required with a real WeChat account")
	}
	return nil
}

// production tells whether this installation serves real people.
func (c *Config) production() bool { return c.WeChat.AppID != "" }

// cards maps the configured templates; nil when none is configured.
func cards(configured map[string]cardConfig) channel.Cards {
	out := channel.Cards{}
	for kind, t := range configured {
		out[model.NoticeKind(kind)] = channel.CardTemplate{ID: t.TemplateID, LongTerm: t.LongTerm, Fields: t.Fields, Values: t.Values}
	}
	return out
}

// keyFile is where the keys of personal data are kept: apart from the
// configuration, because whoever may read that need not read these.
type keyFile struct {
	Active string            `koanf:"active"`
	Seal   map[string]string `koanf:"seal"`
	Lookup string            `koanf:"lookup"`
	Audit  string            `koanf:"audit"`
}

// keyring reads the keys. Without a configured file the embedded default makes
// its own on the first start.
func (c *Config) keyring() (*storage.Keyring, error) {
	path := c.KeysFile
	if path == "" {
		if c.production() || c.Database.Driver == "mysql" {
			return nil, errors.New("configuration: keys_file is required; make one with `microcourt keys new`")
		}
		path = filepath.Join(c.DataDir, "keys.yaml")
		if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
			return nil, fmt.Errorf("keys: %w", err)
		}
		// Keys are made before their database. A database without its keys must
		// not get others.
		if db := c.storage(nil).DSN; exists(db) && !exists(path) {
			return nil, fmt.Errorf("keys: %s is missing, but the database %s is there: put back the copy of the keys that belongs to it", path, db)
		}
		if err := writeKeys(path); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	f, err := readKeys(path)
	if err != nil {
		return nil, err
	}
	decode := func(s string) []byte {
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return nil // NewKeyring refuses its length
		}
		return b
	}
	seal := map[string][]byte{}
	for id, v := range f.Seal {
		seal[id] = decode(v)
	}
	return storage.NewKeyring(f.Active, seal, decode(f.Lookup), decode(f.Audit))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// newKeyID makes an id that no other file of keys has: two installations'
// keys must not be taken for each other.
func newKeyID() string {
	return "k" + time.Now().UTC().Format("20060102") + "-" + strings.ToLower(rand.Text()[:8])
}

// signingFiles are where the court's certificate and its key are read.
func (c *Config) signingFiles() (cert, key string) {
	if c.Signing.CertFile == "" && c.Signing.KeyFile == "" {
		dir := filepath.Join(c.DataDir, "signing")
		return filepath.Join(dir, "court.crt"), filepath.Join(dir, "court.key")
	}
	return c.Signing.CertFile, c.Signing.KeyFile
}

// writeKeys makes a new file of keys that only its owner can read. It never
// overwrites one: without its keys a database cannot be read. The file appears
// whole or not at all, also to a second program that starts at the same time.
func writeKeys(path string) error {
	id := newKeyID()
	temp, err := (&keyFile{Active: id, Seal: map[string]string{id: newKey()}, Lookup: newKey(), Audit: newKey()}).write(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp) }()
	if err := os.Link(temp, path); err != nil { // refuses when path exists
		return fmt.Errorf("keys: %w", err)
	}
	return nil
}

func newKey() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand aborts the program instead
	return base64.StdEncoding.EncodeToString(b)
}

// write makes a temporary file in dir that only its owner can read.
func (f *keyFile) write(dir string) (path string, err error) {
	out, err := os.CreateTemp(dir, ".keys-*")
	if err != nil {
		return "", fmt.Errorf("keys: %w", err)
	}
	var b strings.Builder
	b.WriteString("# Keys of personal data. Keep a copy where the database's backups are not: one is worth nothing without the other.\n" +
		"# To rotate: `microcourt keys add FILE`, restart every process with it, `microcourt keys activate FILE ID`, restart every process with it,\n" +
		"# `microcourt rekey`, remove the old key.\n")
	fmt.Fprintf(&b, "active: %s\nseal:\n", f.Active)
	for _, id := range slices.Sorted(maps.Keys(f.Seal)) {
		fmt.Fprintf(&b, "  %s: %s\n", id, f.Seal[id])
	}
	fmt.Fprintf(&b, "lookup: %s\naudit: %s\n", f.Lookup, f.Audit)
	_, err = out.WriteString(b.String())
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		_ = os.Remove(out.Name())
		return "", fmt.Errorf("keys: %w", err)
	}
	return out.Name(), nil
}
