package wechattest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1" //nolint:gosec // the platform's signature method
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"sort"
	"strings"
)

// The platform's own signing and sealing of pushes, from its documentation. It
// shares nothing with the code that opens them.

// signature is SHA-1 over the sorted parts.
func signature(parts ...string) string {
	sort.Strings(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the platform's signature method
	return hex.EncodeToString(sum[:])
}

// sealMessage is AES-256-CBC over 16 random bytes, the length, the message and the
// appid, padded to 32 bytes; the key is also the vector.
func sealMessage(random, message []byte, appID, encodingKey string) string {
	key, err := base64.StdEncoding.DecodeString(encodingKey + "=")
	if err != nil {
		panic(err) // the key is a constant
	}
	plain := append(append([]byte{}, random...), binary.BigEndian.AppendUint32(nil, uint32(len(message)))...) // #nosec G115 -- a short message
	plain = append(append(plain, message...), appID...)
	pad := 32 - len(plain)%32
	for range pad {
		plain = append(plain, byte(pad))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key is a constant
	}
	cipher.NewCBCEncrypter(block, key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain)
}
