// A keep-alive HTTP/1.1 server for one thread. It ends when its standard input ends, so that no fake outlives the bench.
#ifndef SERVE_H
#define SERVE_H
#include "wire.h"

#define CONNECTIONS_MAX 2048
#define REQUEST_BYTES_MAX (4 << 20)

struct request {
  const char *head, *body;
  size_t head_length, body_length;
};

/** Appends the whole answer to `answer`; says how many nanoseconds to hold it back. */
typedef int64_t (*handler)(const struct request *request, struct buffer *answer);

struct connection {
  int socket;
  struct buffer in, out;
  size_t sent;
  int64_t held_until;
};

static struct connection connections[CONNECTIONS_MAX];
static struct pollfd polled[CONNECTIONS_MAX + 2];
static int connection_count;

static void answer_with(struct buffer *out, const char *status, const char *headers, const char *body, size_t length) {
  char head[256];
  int size = snprintf(head, sizeof head, "HTTP/1.1 %s\r\ncontent-type: application/json\r\n%scontent-length: %zu\r\n\r\n",
                      status, headers, length);
  append(out, head, (size_t)size);
  append(out, body, length);
}

static int listen_on_loopback(int *port) {
  int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1024))
    stop_with("could not listen on loopback");
  getsockname(listener, (struct sockaddr *)&address, &size);
  make_quick(listener);
  *port = ntohs(address.sin_port);
  return listener;
}

static void accept_all(int listener) {
  for (int socket; connection_count < CONNECTIONS_MAX && (socket = accept(listener, NULL, NULL)) >= 0;) {
    make_quick(socket);
    struct connection *connection = &connections[connection_count++];
    struct buffer in = connection->in, out = connection->out; // the memory of a closed one is used again
    in.length = out.length = 0;
    *connection = (struct connection){.socket = socket, .in = in, .out = out};
  }
}

static void drop(int at) {
  close(connections[at].socket);
  struct connection dropped = connections[at];
  connections[at] = connections[--connection_count];
  connections[connection_count] = dropped;
}

/** 1 when a whole request was taken, 0 when more bytes are needed, -1 when it cannot be served. */
static int take_request(struct connection *connection, handler handle) {
  size_t head_size = head_length(&connection->in);
  if (!head_size) return connection->in.length > REQUEST_BYTES_MAX ? -1 : 0;
  long body_size = content_length(connection->in.bytes, head_size);
  size_t length;
  if (body_size < 0 && header(connection->in.bytes, head_size, "transfer-encoding", &length)) return -1;
  size_t whole = head_size + (body_size > 0 ? (size_t)body_size : 0);
  if (whole > REQUEST_BYTES_MAX) return -1;
  if (connection->in.length < whole) return 0;
  struct request request = {connection->in.bytes, connection->in.bytes + head_size, head_size, whole - head_size};
  int64_t hold = handle(&request, &connection->out);
  connection->held_until = hold > 0 ? now_ns() + hold : 0;
  consume(&connection->in, whole);
  return 1;
}

/** 0 when the connection is to be dropped. */
static int flush(struct connection *connection) {
  while (connection->sent < connection->out.length) {
    ssize_t wrote = write(connection->socket, connection->out.bytes + connection->sent,
                          connection->out.length - connection->sent);
    if (wrote < 0) return errno == EAGAIN || errno == EINTR;
    connection->sent += (size_t)wrote;
  }
  connection->sent = connection->out.length = 0;
  return 1;
}

static int is_held(const struct connection *connection, int64_t now) { return connection->held_until > now; }

/** Reads, serves and writes as far as it goes without waiting; 0 when the connection is to be dropped. */
static int go_on(struct connection *connection, int readable, handler handle) {
  if (readable) {
    reserve(&connection->in, 65536);
    ssize_t got = read(connection->socket, connection->in.bytes + connection->in.length,
                       connection->in.capacity - connection->in.length);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return 0;
    if (got > 0) connection->in.length += (size_t)got;
  }
  for (;;) {
    if (connection->held_until && is_held(connection, now_ns())) return 1;
    connection->held_until = 0;
    if (!flush(connection)) return 0;
    if (connection->out.length || !connection->in.length) return 1;
    int taken = take_request(connection, handle);
    if (taken <= 0) return taken == 0;
  }
}

static int poll_timeout_ms(void) {
  int64_t soonest = 0;
  for (int at = 0; at < connection_count; at++)
    if (connections[at].held_until && (!soonest || connections[at].held_until < soonest))
      soonest = connections[at].held_until;
  if (!soonest) return -1;
  int64_t wait = soonest - now_ns();
  return wait <= 0 ? 0 : (int)((wait + 999999) / 1000000);
}

static int has_unsent(const struct connection *connection) {
  return connection->out.length && !connection->held_until;
}

static void serve(handler handle) {
  int port, listener = listen_on_loopback(&port);
  signal(SIGPIPE, SIG_IGN);
  printf("{\"port\":%d}\n", port);
  fflush(stdout);
  for (;;) {
    int count = connection_count;
    polled[0] = (struct pollfd){STDIN_FILENO, POLLIN, 0};
    polled[1] = (struct pollfd){listener, POLLIN, 0};
    for (int at = 0; at < count; at++)
      polled[at + 2] =
          (struct pollfd){connections[at].socket, has_unsent(&connections[at]) ? POLLIN | POLLOUT : POLLIN, 0};
    if (poll(polled, (nfds_t)count + 2, poll_timeout_ms()) < 0 && errno != EINTR) stop_with("could not poll");
    if (polled[0].revents) {
      char ignored[256];
      if (read(STDIN_FILENO, ignored, sizeof ignored) <= 0) return;
    }
    for (int at = count - 1; at >= 0; at--) {
      short events = polled[at + 2].revents;
      if (!events && !connections[at].held_until) continue;
      if (!go_on(&connections[at], events & (POLLIN | POLLHUP | POLLERR), handle)) drop(at);
    }
    if (polled[1].revents) accept_all(listener);
  }
}
#endif
