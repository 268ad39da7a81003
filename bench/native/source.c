// The fake system that is read: pages of orders, made on the fly, the same each time.
//   source --template PATH [--records 100000] [--page 250]
//   GET /orders?cursor=250 → {"records":[…],"next":"500"}; the last page has no "next".
#include "order.h"
#include "serve.h"

static long records, page;

static int64_t handle(const struct request *request, struct buffer *answer) {
  const char *end_of_line = memchr(request->head, '\r', request->head_length);
  const char *cursor = memmem(request->head, (size_t)(end_of_line - request->head), "cursor=", 7);
  long from = cursor ? strtol(cursor + 7, NULL, 10) : 0;
  long to = from + page < records ? from + page : records;
  static struct buffer body;
  body.length = 0;
  append(&body, "{\"records\":[", 12);
  for (long number = from; number < to; number++) {
    if (number > from) append(&body, ",", 1);
    append_order(&body, number);
  }
  char end[64];
  int size = to < records ? snprintf(end, sizeof end, "],\"next\":\"%ld\"}", to) : snprintf(end, sizeof end, "]}");
  append(&body, end, (size_t)size);
  answer_with(answer, "200 OK", "", body.bytes, body.length);
  return 0;
}

int main(int count, char **words) {
  read_template(flag(count, words, "--template", ""));
  records = atol(flag(count, words, "--records", "100000"));
  page = atol(flag(count, words, "--page", "250"));
  serve(handle);
  return 0;
}
