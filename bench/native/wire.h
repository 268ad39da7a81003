// What the generator and the fakes share: growing buffers, the monotonic clock, command line flags and the few parts of
// HTTP/1.1 they need. poll() rather than epoll, so that the same files compile on Linux, macOS and the BSDs.
#ifndef WIRE_H
#define WIRE_H
#define _GNU_SOURCE
#define _DARWIN_C_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void stop_with(const char *what) {
  fprintf(stderr, "bench: %s: %s\n", what, errno ? strerror(errno) : "no reason given");
  exit(1);
}

struct buffer {
  char *bytes;
  size_t length, capacity;
};

static void reserve(struct buffer *buffer, size_t extra) {
  if (buffer->length + extra <= buffer->capacity) return;
  size_t capacity = buffer->capacity ? buffer->capacity : 4096;
  while (capacity < buffer->length + extra) capacity *= 2;
  buffer->bytes = realloc(buffer->bytes, capacity);
  if (!buffer->bytes) stop_with("could not get memory");
  buffer->capacity = capacity;
}

static inline void append(struct buffer *buffer, const void *bytes, size_t length) {
  reserve(buffer, length);
  memcpy(buffer->bytes + buffer->length, bytes, length);
  buffer->length += length;
}

static inline void consume(struct buffer *buffer, size_t length) {
  buffer->length -= length;
  if (buffer->length) memmove(buffer->bytes, buffer->bytes + length, buffer->length);
}

/** Nanoseconds of the machine's monotonic clock: the same for every process, so that times can be compared. */
static inline int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static inline double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static const char *flag(int count, char **words, const char *name, const char *otherwise) {
  for (int at = 1; at + 1 < count; at += 2)
    if (!strcmp(words[at], name)) return words[at + 1];
  return otherwise;
}

static void make_quick(int socket) {
  int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
}

/** Where the head ends (behind the empty line), or 0 when it is not all there yet. */
static inline size_t head_length(const struct buffer *buffer) {
  const char *end = buffer->length < 4 ? NULL : memmem(buffer->bytes, buffer->length, "\r\n\r\n", 4);
  return end ? (size_t)(end - buffer->bytes) + 4 : 0;
}

/** A header's value inside the head, its length in `*length`; NULL when it is not there. */
static inline const char *header(const char *head, size_t head_size, const char *name, size_t *length) {
  size_t name_length = strlen(name);
  const char *line = memchr(head, '\n', head_size), *end = head + head_size;
  while (line && ++line + name_length + 1 < end) {
    if ((line[0] | 32) == name[0] && line[name_length] == ':' && !strncasecmp(line, name, name_length)) {
      const char *value = line + name_length + 1;
      while (*value == ' ') value++;
      const char *stop = memchr(value, '\r', (size_t)(end - value));
      *length = (size_t)((stop ? stop : end) - value);
      return value;
    }
    line = memchr(line, '\n', (size_t)(end - line));
  }
  return NULL;
}

static inline long content_length(const char *head, size_t head_size) {
  size_t length;
  const char *value = header(head, head_size, "content-length", &length);
  return value ? strtol(value, NULL, 10) : -1;
}
#endif
