// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "cli/attached.h"
#include "cli/serve.h"
#include "cli/serve_place.h"
#include "report/json.h"
#include "report/prometheus.h"

#define LIMIT_CONNECTIONS 32
#define LIMIT_SECONDS	  10

static void tell_metrics(struct buf *buf, const struct attached *attached)
{
	prometheus_add(buf, attached->reports, attached->count);
}

static void tell_status(struct buf *buf, const struct attached *attached)
{
	const struct report_style style = { 0 };

	json_format.status(buf, &style, attached->reports, attached->count);
}

static void tell_stats(struct buf *buf, const struct attached *attached)
{
	const struct report_style style = { 0 };

	json_format.stats(buf, &style, attached->reports, attached->count);
}

static const struct page {
	const char *path, *type;
	void (*tell)(struct buf *buf, const struct attached *attached);
	bool has_share; /* what share of all drops was early */
} pages[] = {
	{ "/metrics", "text/plain; version=0.0.4", tell_metrics, true },
	{ "/status", "application/json", tell_status, false },
	{ "/stats", "application/json", tell_stats, true },
};

static enum MHD_Result answer(struct MHD_Connection *connection,
			      unsigned int status, const char *type,
			      const struct buf *text)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(text->length,
						(void *)buf_text(text),
						MHD_RESPMEM_MUST_COPY);

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	enum MHD_Result result =
		MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result answer_page(struct MHD_Connection *connection,
				   const struct page *page)
{
	OWN(attached) struct attached *attached = NULL;
	OWN_BUF struct buf text = BUF_INIT;
	struct err err;

	if (attached_make(NULL, &attached, &err) < 0 ||
	    (page->has_share && attached_share(attached, &err) < 0)) {
		buf_addf(&text, "%s\n", err.text);
		return answer(connection, MHD_HTTP_INTERNAL_SERVER_ERROR,
			      "text/plain", &text);
	}
	page->tell(&text, attached);
	return text.has_failed
		       ? MHD_NO
		       : answer(connection, MHD_HTTP_OK, page->type, &text);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection,
			      const char *url, const char *method,
			      const char *version, const char *upload,
			      size_t *upload_size, void **request)
{
	OWN_BUF struct buf text = BUF_INIT;

	(void)context, (void)version, (void)upload, (void)upload_size;
	(void)request;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
		buf_add(&text, "only GET\n");
		return answer(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
			      "text/plain", &text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		if (!strcmp(url, pages[i].path))
			return answer_page(connection, &pages[i]);
	}
	buf_add(&text, "/metrics, /status or /stats\n");
	return answer(connection, MHD_HTTP_NOT_FOUND, "text/plain", &text);
}

static void wait_for_end(void)
{
	sigset_t ends;
	int caught;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	while (sigwait(&ends, &caught) != 0)
		;
}

/* Before there are threads: they inherit it. */
static void hold_signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int serve_run(const char *where, const char *group, struct err *err)
{
	struct serve_place place;
	int result = serve_place_parse(where, &place, err);

	if (result == 0 && group && !place.path)
		return err_set(
			err, ERR_USAGE, EINVAL,
			"--group is for a UNIX socket: everybody on this "
			"machine can reach %s",
			where);
	int fd = result < 0 ? result : serve_place_open(&place, group, err);
	if (fd < 0)
		return fd;
	hold_signals();
	struct MHD_Daemon *daemon =
		MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL,
				 handle, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
				 MHD_OPTION_CONNECTION_LIMIT, LIMIT_CONNECTIONS,
				 MHD_OPTION_CONNECTION_TIMEOUT, LIMIT_SECONDS,
				 MHD_OPTION_END);
	if (!daemon) {
		close(fd);
		return err_system(err, EIO, "cannot serve at %s", where);
	}
	sd_notify(0, "READY=1");
	wait_for_end();
	MHD_stop_daemon(daemon); /* closes the socket */
	if (place.path)
		unlink(place.path);
	return 0;
}
