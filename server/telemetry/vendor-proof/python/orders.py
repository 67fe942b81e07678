"""Ten orders through a script, three services, a database and a broker, told of with OpenTelemetry's own SDK.

Where the telemetry goes and whose it is, the SDK reads from OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_RESOURCE_ATTRIBUTES. The third
order fails at its database. Spans of the consumer are sent before those of the producer that they are linked to.
"""

import logging

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

ORDERS = 10
FAILING = 2


def resource(service):
    return Resource.create({"service.name": service})


def tracing(service):
    provider = TracerProvider(resource=resource(service))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


providers = {name: tracing(name) for name in ("shipping", "script", "web", "sales")}
script, web, orders, shipping = (providers[name].get_tracer("sales") for name in ("script", "web", "sales", "shipping"))

meters = MeterProvider(resource=resource("sales"), metric_readers=[PeriodicExportingMetricReader(OTLPMetricExporter())])
placed = meters.get_meter("sales").create_counter("orders.placed")

logs = LoggerProvider(resource=resource("sales"))
logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
log = logging.getLogger("sales")
log.addHandler(LoggingHandler(logger_provider=logs))
log.setLevel(logging.INFO)


def headers():
    """Of a request that the current span makes."""
    carrier = {}
    propagate.inject(carrier)
    return carrier


def http(method, address, status):
    return {"http.request.method": method, "server.address": address, "http.response.status_code": status}


def place(number):
    status = 500 if number == FAILING else 201
    with script.start_as_current_span("POST", kind=SpanKind.CLIENT, attributes=http("POST", "web", status)):
        sent = checkout(headers(), number, status)
    if sent is not None:
        ship(sent)


def checkout(carrier, number, status):
    served = {"http.request.method": "POST", "http.route": "/checkout", "http.response.status_code": status}
    context = propagate.extract(carrier)
    with web.start_as_current_span("POST /checkout", context=context, kind=SpanKind.SERVER, attributes=served):
        with web.start_as_current_span("POST", kind=SpanKind.CLIENT, attributes=http("POST", "sales", status)):
            return order(headers(), number, status)


def order(carrier, number, status):
    served = {
        "http.request.method": "POST",
        "http.route": "/orders",
        "http.response.status_code": status,
        "order.number": number,
        "order.total": 12.5,
        "order.express": True,
        "order.tags": ["new", "gift"],
    }
    context = propagate.extract(carrier)
    with orders.start_as_current_span("POST /orders", context=context, kind=SpanKind.SERVER, attributes=served) as span:
        query = {"db.system.name": "postgresql", "server.address": "db", "db.query.text": "INSERT INTO orders"}
        with orders.start_as_current_span("INSERT orders", kind=SpanKind.CLIENT, attributes=query) as insert:
            if number == FAILING:
                insert.record_exception(RuntimeError("the table is locked"))
                insert.set_status(Status(StatusCode.ERROR, "the table is locked"))
        if number == FAILING:
            span.set_status(Status(StatusCode.ERROR))
            log.error("order %d failed", number)
            return None
        placed.add(1, {"order.express": True})
        log.info("order %d placed", number)
        message = {"messaging.system": "rabbitmq", "messaging.operation.type": "send", "server.address": "broker"}
        with orders.start_as_current_span("send placed", kind=SpanKind.PRODUCER, attributes=message):
            return headers()


def ship(carrier):
    """Handles the message in a trace of its own, and does not know where the broker is."""
    sender = trace.get_current_span(propagate.extract(carrier)).get_span_context()
    message = {"messaging.system": "rabbitmq", "messaging.operation.type": "process"}
    with shipping.start_as_current_span(
        "process placed", kind=SpanKind.CONSUMER, links=[Link(sender)], attributes=message
    ):
        pass


for number in range(ORDERS):
    place(number)
for provider in [*providers.values(), meters, logs]:
    provider.shutdown()
