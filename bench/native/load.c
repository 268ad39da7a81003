// The load generator: sends signed webhooks over keep-alive connections, as fast as they are answered or at a steady
// rate, and says how long each took. Every byte to send is ready before the clock starts.
//   load --port P --template PATH [--path /hooks/source] [--secret S] [--events 40000] [--from 0] [--connections 64]
//        [--rate 0] [--get PATH] [--log PATH]
// --get asks for that path instead, to find the maximum of a fake that is read.
// The log holds two int64 an event: when it was sent and when it was answered 2xx (0: it was not), in nanoseconds.
#include "order.h"
#include "sha256.h"

#define CONNECTIONS_MAX 1024
#define WAIT_MAX_NS (30 * 1000000000LL)

struct sender {
  int socket;
  long event; // -1: free
  size_t written;
  struct buffer in;
};

static struct sender senders[CONNECTIONS_MAX];
static struct buffer requests;
static size_t *request_at; // request `i` lies from request_at[i] to request_at[i + 1]
static int64_t *log_ns;
static long events, next_event, ended, ok, failed, reconnects;
static int port;

static void prepare(const char *path, const char *secret, const char *get, long from) {
  struct buffer body = {0};
  char head[512], signature[45] = "";
  unsigned char digest[32];
  request_at = calloc((size_t)events + 1, sizeof *request_at);
  for (long event = 0; event < events; event++) {
    body.length = 0;
    int size;
    if (get) {
      size = snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nhost: 127.0.0.1:%d\r\n\r\n", get, port);
    } else {
      append_order(&body, from + event);
      hmac_sha256(secret, body.bytes, body.length, digest);
      base64_digest(digest, signature);
      size = snprintf(head, sizeof head,
                      "POST %s HTTP/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-type: application/json\r\n"
                      "x-bench-event-id: event-%08ld\r\nx-bench-signature: %s\r\ncontent-length: %zu\r\n\r\n",
                      path, port, from + event, signature, body.length);
    }
    append(&requests, head, (size_t)size);
    append(&requests, body.bytes, body.length);
    request_at[event + 1] = requests.length;
  }
}

static int connect_to_port(void) {
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
  int connected = socket(AF_INET, SOCK_STREAM, 0);
  if (connected < 0 || connect(connected, (struct sockaddr *)&address, sizeof address)) return -1;
  make_quick(connected);
  return connected;
}

static void end_event(struct sender *sender, int is_ok) {
  if (is_ok) {
    ok++;
    log_ns[2 * sender->event + 1] = now_ns();
  } else {
    failed++;
  }
  ended++;
  sender->event = -1;
}

/** The other side hung up: what was under way counts as failed, as it does for a real sender. */
static void reconnect(struct sender *sender) {
  if (sender->event >= 0) end_event(sender, 0);
  close(sender->socket);
  sender->in.length = 0;
  sender->socket = connect_to_port();
  reconnects++;
}

static int push(struct sender *sender) {
  size_t size = request_at[sender->event + 1] - request_at[sender->event];
  while (sender->written < size) {
    ssize_t wrote =
        write(sender->socket, requests.bytes + request_at[sender->event] + sender->written, size - sender->written);
    if (wrote < 0) return errno == EAGAIN || errno == EINTR;
    sender->written += (size_t)wrote;
  }
  return 1;
}

static void send_next(struct sender *sender) {
  if (sender->socket < 0) reconnect(sender);
  sender->event = next_event++;
  sender->written = 0;
  log_ns[2 * sender->event] = now_ns();
  if (sender->socket < 0 || !push(sender)) reconnect(sender);
}

/** The answer's whole length, or 0 when it is not all there yet. */
static size_t answer_length(const struct buffer *in) {
  size_t head = head_length(in), length;
  if (!head) return 0;
  long body = content_length(in->bytes, head);
  if (body >= 0) return in->length >= head + (size_t)body ? head + (size_t)body : 0;
  if (!header(in->bytes, head, "transfer-encoding", &length)) return head;
  const char *end = memmem(in->bytes + head - 2, in->length - head + 2, "\r\n0\r\n\r\n", 7);
  return end ? (size_t)(end + 7 - in->bytes) : 0;
}

static void pull(struct sender *sender) {
  reserve(&sender->in, 65536);
  ssize_t got = read(sender->socket, sender->in.bytes + sender->in.length, sender->in.capacity - sender->in.length);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    reconnect(sender);
    return;
  }
  sender->in.length += (size_t)got;
  size_t whole = sender->event < 0 ? 0 : answer_length(&sender->in);
  if (!whole) return;
  end_event(sender, sender->in.length > 9 && sender->in.bytes[9] == '2');
  consume(&sender->in, whole);
}

/** Sends what is due; says how long to wait for more, in milliseconds. */
static int send_due(int count, double rate, int64_t began) {
  for (int at = 0; at < count && next_event < events; at++) {
    if (senders[at].event >= 0) continue;
    int64_t wait = rate > 0 ? began + (int64_t)((double)next_event * 1e9 / rate) - now_ns() : 0;
    if (wait > 0) return (int)(wait / 1000000);
    send_next(&senders[at]);
  }
  return 1000;
}

static void run(int count, double rate, int64_t began) {
  static struct pollfd polled[CONNECTIONS_MAX];
  int64_t moved = began;
  while (ended < events) {
    int timeout = send_due(count, rate, began);
    for (int at = 0; at < count; at++) {
      struct sender *sender = &senders[at];
      int unsent = sender->event >= 0 && sender->written < request_at[sender->event + 1] - request_at[sender->event];
      polled[at] = (struct pollfd){sender->socket, unsent ? POLLIN | POLLOUT : POLLIN, 0};
    }
    int ready = poll(polled, (nfds_t)count, timeout);
    int64_t now = now_ns();
    if (ready > 0 || next_event < events) moved = now;
    if (now - moved > WAIT_MAX_NS) return; // an answer that never comes
    for (int at = 0; ready > 0 && at < count; at++) {
      if (polled[at].revents & POLLOUT && senders[at].event >= 0 && !push(&senders[at])) reconnect(&senders[at]);
      else if (polled[at].revents & (POLLIN | POLLHUP | POLLERR)) pull(&senders[at]);
      // The next one leaves at once, so that one slow round does not hold the others back.
      if (rate == 0 && senders[at].event < 0 && next_event < events) send_next(&senders[at]);
    }
  }
}

static int compare(const void *one, const void *two) {
  int64_t a = *(const int64_t *)one, b = *(const int64_t *)two;
  return (a > b) - (a < b);
}

static void report(int64_t began, double cpu) {
  int64_t *latencies = malloc(sizeof *latencies * (size_t)(ok + 1)), last = began;
  long count = 0;
  for (long event = 0; event < events; event++) {
    int64_t sent = log_ns[2 * event], answered = log_ns[2 * event + 1];
    if (answered > last) last = answered;
    if (answered) latencies[count++] = answered - sent;
  }
  qsort(latencies, (size_t)count, sizeof *latencies, compare);
  double seconds = (double)(last - began) / 1e9;
#define AT(share) (count ? (double)latencies[(long)((double)(count - 1) * (share))] / 1e6 : 0)
  printf("{\"events\":%ld,\"ok\":%ld,\"failed\":%ld,\"reconnects\":%ld,\"seconds\":%.6f,\"rate\":%.1f,\"p50Ms\":%.3f,"
         "\"p99Ms\":%.3f,\"maxMs\":%.3f,\"cpuSeconds\":%.3f,\"beganNs\":\"%lld\"}\n",
         events, ok, failed + (events - ended), reconnects, seconds, seconds > 0 ? (double)ok / seconds : 0, AT(0.5),
         AT(0.99), AT(1), cpu, (long long)began);
}

int main(int count, char **words) {
  const char *get = flag(count, words, "--get", NULL), *log_path = flag(count, words, "--log", NULL);
  port = atoi(flag(count, words, "--port", "0"));
  events = atol(flag(count, words, "--events", "40000"));
  double rate = atof(flag(count, words, "--rate", "0"));
  int connections = atoi(flag(count, words, "--connections", "64"));
  if (connections < 1 || connections > CONNECTIONS_MAX) stop_with("--connections must be from 1 to 1024");
  signal(SIGPIPE, SIG_IGN);
  if (!get) read_template(flag(count, words, "--template", ""));
  log_ns = calloc((size_t)events * 2, sizeof *log_ns);
  prepare(flag(count, words, "--path", "/hooks/source"), flag(count, words, "--secret", "secret"), get,
          atol(flag(count, words, "--from", "0")));
  for (int at = 0; at < connections; at++) {
    senders[at].event = -1;
    if ((senders[at].socket = connect_to_port()) < 0) stop_with("could not connect to --port");
  }
  double cpu_before = cpu_seconds();
  int64_t began = now_ns();
  run(connections, rate, began);
  report(began, cpu_seconds() - cpu_before);
  if (log_path) {
    FILE *file = fopen(log_path, "wb");
    if (!file || fwrite(log_ns, sizeof *log_ns * 2, (size_t)events, file) != (size_t)events || fclose(file))
      stop_with("could not write the log");
  }
  return 0;
}
