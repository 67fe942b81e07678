"""What a Python client does with a broker: python3 pika_check.py amqp://guest:guest@127.0.0.1:5672/%2F"""

import sys

import pika

connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
channel = connection.channel()
channel.confirm_delivery()
queue = channel.queue_declare("", exclusive=True).method.queue
channel.exchange_declare("pika-check", "topic", auto_delete=True)
channel.queue_bind(queue, "pika-check", "order.#")

persistent = pika.BasicProperties(delivery_mode=2, headers={"n": 1, "list": ["a", 2]}, content_type="text/plain")
for text in ("first", "second"):
    channel.basic_publish("pika-check", "order.placed", text.encode(), persistent, mandatory=True)

try:
    channel.basic_publish("pika-check", "nobody", b"back", persistent, mandatory=True)
    sys.exit("an unroutable message did not come back")
except pika.exceptions.UnroutableError:
    pass

method, properties, body = channel.basic_get(queue)
assert (body, properties.headers, method.redelivered) == (b"first", {"n": 1, "list": ["a", 2]}, False)
channel.basic_nack(method.delivery_tag, requeue=True)

channel.basic_qos(prefetch_count=1)
seen = []
for method, properties, body in channel.consume(queue):
    seen.append((body, method.redelivered))
    channel.basic_ack(method.delivery_tag)
    if len(seen) == 2:
        break
assert seen == [(b"first", True), (b"second", False)], seen
channel.cancel()

large = bytes(range(256)) * 4000
channel.basic_publish("", queue, large)
assert channel.basic_get(queue, auto_ack=True)[2] == large

other = connection.channel()
try:
    other.queue_declare("pika-nowhere", passive=True)
    sys.exit("a queue that is not there was found")
except pika.exceptions.ChannelClosedByBroker as closed:
    assert closed.reply_code == 404, closed

connection.close()
print("pika", pika.__version__, "is content")
