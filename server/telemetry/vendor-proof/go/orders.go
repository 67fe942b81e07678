// Ten orders through a script, three services, a database and a broker, told of with OpenTelemetry's own SDK.
//
// Where the telemetry goes and whose it is, the SDK reads from OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_RESOURCE_ATTRIBUTES. The
// third order fails at its database. Spans of the consumer are sent before those of the producer that they are linked to.
package main

import (
	"context"
	"errors"
	"log"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

const (
	count   = 10
	failing = 2
)

var propagator = propagation.TraceContext{}

func main() {
	ctx := context.Background()
	var providers []*sdktrace.TracerProvider
	tracer := func(service string) trace.Tracer {
		provider, err := tracing(ctx, service)
		if err != nil {
			log.Fatal(err)
		}
		providers = append(providers, provider)
		return provider.Tracer("sales")
	}
	shop := shop{shipping: tracer("shipping"), script: tracer("script"), web: tracer("web"), orders: tracer("sales")}
	for number := range count {
		shop.place(ctx, number)
	}
	for _, provider := range providers {
		if err := provider.Shutdown(ctx); err != nil {
			log.Fatal(err)
		}
	}
}

func tracing(ctx context.Context, service string) (*sdktrace.TracerProvider, error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, err
	}
	about, err := resource.New(ctx,
		resource.WithTelemetrySDK(), resource.WithFromEnv(), resource.WithAttributes(attribute.String("service.name", service)))
	if err != nil {
		return nil, err
	}
	return sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about)), nil
}

type shop struct{ shipping, script, web, orders trace.Tracer }

// headers of a request that the current span makes.
func headers(ctx context.Context) propagation.MapCarrier {
	carrier := propagation.MapCarrier{}
	propagator.Inject(ctx, carrier)
	return carrier
}

func extract(carrier propagation.MapCarrier) context.Context {
	return propagator.Extract(context.Background(), carrier)
}

func client(address string, status int) trace.SpanStartEventOption {
	return trace.WithAttributes(
		attribute.String("http.request.method", "POST"),
		attribute.String("server.address", address),
		attribute.Int("http.response.status_code", status))
}

func server(route string, status int) trace.SpanStartEventOption {
	return trace.WithAttributes(
		attribute.String("http.request.method", "POST"),
		attribute.String("http.route", route),
		attribute.Int("http.response.status_code", status))
}

func (s shop) place(ctx context.Context, number int) {
	status := 201
	if number == failing {
		status = 500
	}
	ctx, span := s.script.Start(ctx, "POST", trace.WithSpanKind(trace.SpanKindClient), client("web", status))
	sent := s.checkout(headers(ctx), number, status)
	span.End()
	if sent != nil {
		s.ship(sent)
	}
}

func (s shop) checkout(carrier propagation.MapCarrier, number, status int) propagation.MapCarrier {
	ctx, span := s.web.Start(extract(carrier), "POST /checkout", trace.WithSpanKind(trace.SpanKindServer), server("/checkout", status))
	defer span.End()
	ctx, call := s.web.Start(ctx, "POST", trace.WithSpanKind(trace.SpanKindClient), client("sales", status))
	defer call.End()
	return s.order(headers(ctx), number, status)
}

func (s shop) order(carrier propagation.MapCarrier, number, status int) propagation.MapCarrier {
	ctx, span := s.orders.Start(extract(carrier), "POST /orders", trace.WithSpanKind(trace.SpanKindServer), server("/orders", status),
		trace.WithAttributes(
			attribute.Int("order.number", number),
			attribute.Float64("order.total", 12.5),
			attribute.Bool("order.express", true),
			attribute.StringSlice("order.tags", []string{"new", "gift"})))
	defer span.End()
	if err := s.insert(ctx, number); err != nil {
		span.SetStatus(codes.Error, "")
		return nil
	}
	ctx, send := s.orders.Start(ctx, "send placed", trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(
		attribute.String("messaging.system", "rabbitmq"),
		attribute.String("messaging.operation.type", "send"),
		attribute.String("server.address", "broker")))
	defer send.End()
	return headers(ctx)
}

func (s shop) insert(ctx context.Context, number int) error {
	_, span := s.orders.Start(ctx, "INSERT orders", trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("db.system.name", "postgresql"),
		attribute.String("server.address", "db"),
		attribute.String("db.query.text", "INSERT INTO orders")))
	defer span.End()
	if number != failing {
		return nil
	}
	err := errors.New("the table is locked")
	span.RecordError(err)
	span.SetStatus(codes.Error, err.Error())
	return err
}

// ship handles the message in a trace of its own, and does not know where the broker is.
func (s shop) ship(carrier propagation.MapCarrier) {
	sender := trace.SpanContextFromContext(extract(carrier))
	_, span := s.shipping.Start(context.Background(), "process placed", trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithLinks(trace.Link{SpanContext: sender}),
		trace.WithAttributes(
			attribute.String("messaging.system", "rabbitmq"),
			attribute.String("messaging.operation.type", "process")))
	span.End()
}
