// HMAC-SHA256 (FIPS 180-4, RFC 2104) and base64, so that signing needs no library. Runs before the clock starts.
#ifndef SHA256_H
#define SHA256_H
#include "wire.h"

static const uint32_t SHA_K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static inline uint32_t rotate(uint32_t word, int by) { return word >> by | word << (32 - by); }

static void sha256_block(uint32_t state[8], const unsigned char *block) {
  uint32_t w[64], s[8];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
           block[4 * i + 3];
  for (int i = 16; i < 64; i++)
    w[i] = w[i - 16] + (rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7] +
           (rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10);
  memcpy(s, state, sizeof s);
  for (int i = 0; i < 64; i++) {
    uint32_t one = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) +
                   SHA_K[i] + w[i];
    uint32_t two = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) +
                   ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 7 * sizeof *s);
    s[4] += one;
    s[0] = one + two;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

/** The digest of two parts, one behind the other. */
static void sha256(const void *first, size_t first_length, const void *second, size_t second_length,
                   unsigned char digest[32]) {
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  static struct buffer text;
  text.length = 0;
  append(&text, first, first_length);
  append(&text, second, second_length);
  uint64_t bits = (uint64_t)text.length * 8;
  append(&text, "\x80", 1);
  while (text.length % 64 != 56) append(&text, "", 1);
  for (int shift = 56; shift >= 0; shift -= 8) append(&text, &(char){(char)(bits >> shift)}, 1);
  for (size_t at = 0; at < text.length; at += 64) sha256_block(state, (unsigned char *)text.bytes + at);
  for (int i = 0; i < 32; i++) digest[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

/** `secret` is at most 64 bytes, as the block is. */
static void hmac_sha256(const char *secret, const void *text, size_t length, unsigned char digest[32]) {
  unsigned char inner[64] = {0}, outer[64] = {0};
  for (size_t at = 0; at < 64; at++) {
    unsigned char byte = at < strlen(secret) ? (unsigned char)secret[at] : 0;
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  unsigned char within[32];
  sha256(inner, 64, text, length, within);
  sha256(outer, 64, within, 32, digest);
}

/** Base64 of a digest: 44 characters and a zero. */
static void base64_digest(const unsigned char digest[32], char text[45]) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int group = 0; group < 11; group++) {
    uint32_t bits = 0;
    for (int byte = 0; byte < 3; byte++)
      bits = bits << 8 | (group * 3 + byte < 32 ? digest[group * 3 + byte] : 0);
    for (int letter = 0; letter < 4; letter++) text[group * 4 + letter] = alphabet[bits >> (18 - 6 * letter) & 63];
  }
  text[43] = '=';
  text[44] = 0;
}
#endif
