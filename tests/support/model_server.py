"""A server of the tests that speaks the wire formats of Gemini, OpenAI and Anthropic on the loopback.

It answers as documented and notes in .faults what a client must never do: a field that is not
documented, a schema that the provider refuses, a key in an address or a body. .paid lists the calls
that were answered whole, as (provider, kind, fingerprint of the request); kind is image, language or
embedding. Misbehaviour is a list of rules in .script, each

    {"on": regular expression on "PROVIDER KIND", "times": 1, "after": 0, "do": what, ...}

where "after" matching calls are let through first and "do" is one of
  status    {"status", "message", "headers"}: an error as the provider writes it
  html, text                                  a page of HTML, a line of text, under status 200
  cut, reset                                  the connection ends in the middle of the usual answer
  shorten                                     half of the usual answer, well framed
  swell     {"bytes"}                         the usual answer and so many blanks
  hang      {"seconds"}                       silence before the usual answer
  refuse                                      the model does not want to
  against                                     JSON against the schema; of a picture: a GIF
  tiny, strip                                 a picture of 16 x 16, or ten times as wide as high
"""
import base64
import hashlib
import http.server
import json
import re
import socket
import struct
import threading
import time
import zlib

GEMINI_RATIOS = {"1:1": (1024, 1024), "2:3": (832, 1248), "3:2": (1248, 832), "3:4": (864, 1184),
                 "4:3": (1184, 864), "4:5": (896, 1152), "5:4": (1152, 896), "9:16": (768, 1344),
                 "16:9": (1344, 768), "21:9": (1536, 672)}


def png(width, height, color=(200, 80, 60)):
    row = b"\0" + bytes(color) * width

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(row * height, 1)) + chunk(b"IEND", b""))


def is_picture(media_type, data):
    magic = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}
    return media_type in magic and data.startswith(magic[media_type])


class ModelServer:
    def __init__(self, key="sk-sesame"):
        self.key = key
        self.script, self.requests, self.faults, self.paid, self.times = [], [], [], [], []
        self.under_way = self.most_under_way = 0
        self.answer = None  # a function of the schema, in the place of the usual document
        self.drawn = None  # the bytes of a picture, in the place of one in a plain color
        self.lock = threading.Lock()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with server.lock:
                    server.under_way += 1
                    server.most_under_way = max(server.most_under_way, server.under_way)
                try:
                    server.respond(self, body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # the client was killed
                finally:
                    with server.lock:
                        server.under_way -= 1

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.handle_error = lambda *_: None  # a connection that was reset, by either side
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def environment(self):
        """What makes the program call this server for every provider."""
        values = {}
        for provider, address in (("GEMINI", self.url), ("OPENAI", self.url + "/v1"), ("ANTHROPIC", self.url)):
            values |= {f"ADGENOME_{provider}_BASE_URL": address, f"{provider}_API_KEY": self.key,
                       f"ADGENOME_{provider}_WAIT_FACTOR": "0.0005"}
        return values

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    # One call --------------------------------------------------------------------------------

    def respond(self, handler, raw):
        text = raw.decode()
        with self.lock:
            provider, kind, body = self.read(handler, text)
            name = f"{provider} {kind}"
            self.requests.append((name, body))
            self.times.append(time.monotonic())
            rule = self.rule_for(name)
        what = rule.get("do") if rule else None
        if what == "hang":
            time.sleep(rule["seconds"])
        if what == "status":
            return self.send(handler, rule["status"], json.dumps(self.error(provider, rule)), rule.get("headers", {}))
        if what == "html":
            return self.send(handler, 200, "<!doctype html><h1>Bad gateway</h1>", {"Content-Type": "text/html"})
        if what == "text":
            return self.send(handler, 200, "ok", {"Content-Type": "text/plain"})
        document = getattr(self, f"{provider}_{kind}")(body, what)
        answer = json.dumps(document)
        if what == "shorten":
            answer = answer[:len(answer) // 2]
        if what == "swell":
            answer += " " * rule["bytes"]
        if what in ("cut", "reset"):
            return self.send(handler, 200, answer, {}, ends=what)
        self.send(handler, 200, answer, {})
        with self.lock:
            self.paid.append((provider, kind, hashlib.sha256(raw).hexdigest()))

    def send(self, handler, status, text, headers, ends=None):
        data = text.encode()
        handler.send_response_only(status)
        usual = {"Content-Type": "application/json; charset=UTF-8", "Date": handler.date_time_string()}
        for header, value in {**usual, **headers}.items():
            handler.send_header(header, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[:len(data) // 2] if ends else data)
        handler.wfile.flush()
        if ends == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()
        handler.close_connection = handler.close_connection or ends is not None

    def rule_for(self, name):
        for rule in self.script:
            if not re.search(rule["on"], name):
                continue
            seen = rule["seen"] = rule.get("seen", 0) + 1
            after = rule.get("after", 0)
            if after < seen <= after + rule.get("times", 1):
                return rule
        return None

    @staticmethod
    def error(provider, rule):
        message = rule.get("message", "something is wrong")
        if provider == "gemini":
            return {"error": {"code": rule["status"], "message": message, "status": "UNAVAILABLE",
                              "details": rule.get("details", [])}}
        if provider == "anthropic":
            return {"type": "error", "error": {"type": rule.get("code", "api_error"), "message": message},
                    "request_id": "req_1"}
        return {"error": {"message": message, "type": "x", "param": None, "code": rule.get("code")}}

    # What a request has to be ----------------------------------------------------------------

    def fault(self, text):
        self.faults.append(text)

    def only(self, where, document, known, needed=()):
        for name in set(document) - set(known):
            self.fault(f"{where}: unknown field {name}")
        for name in needed:
            if name not in document:
                self.fault(f"{where}: {name} is missing")

    def read(self, handler, text):
        path = handler.path
        if self.key in path + text:
            self.fault(f"{path}: a key in the address or body")
        if handler.headers.get("Content-Type") != "application/json":
            self.fault(f"{path}: content type {handler.headers.get('Content-Type')}")
        body = json.loads(text)
        gemini = re.fullmatch(r"/v1beta/models/([\w.-]+):generateContent", path)
        if gemini:
            if handler.headers.get("x-goog-api-key") != self.key:
                self.fault("gemini: no key")
            kind = "image" if "responseModalities" in body.get("generationConfig", {}) else "language"
            self.read_gemini(kind, body)
            return "gemini", kind, body
        if path == "/v1/messages":
            if handler.headers.get("x-api-key") != self.key or handler.headers.get("anthropic-version") != "2023-06-01":
                self.fault("anthropic: no key or version")
            self.read_anthropic(body)
            return "anthropic", "language", body
        kinds = {"/v1/images/generations": "image", "/v1/images/edits": "image", "/v1/responses": "language",
                 "/v1/embeddings": "embedding"}
        if path not in kinds or handler.headers.get("Authorization") != f"Bearer {self.key}":
            self.fault(f"unknown path or no key: {path}")
        kind = kinds.get(path, "language")
        self.read_openai(path, kind, body)
        return "openai", kind, body

    def check_picture(self, where, media_type, data):
        if not is_picture(media_type, base64.b64decode(data, validate=True)):
            self.fault(f"{where}: no {media_type}")

    def read_gemini(self, kind, body):
        self.only("gemini", body, {"contents", "systemInstruction", "generationConfig"}, {"contents"})
        for part in body["contents"][0]["parts"]:
            if set(part) == {"inlineData"}:
                self.only("inlineData", part["inlineData"], {"mimeType", "data"}, {"mimeType", "data"})
                self.check_picture("gemini", part["inlineData"]["mimeType"], part["inlineData"]["data"])
            elif set(part) != {"text"} or not part["text"]:
                self.fault(f"gemini: a part with {sorted(part)}")
        config = body["generationConfig"]
        if kind == "image":
            self.only("generationConfig", config, {"responseModalities", "imageConfig"}, {"imageConfig"})
            image = config["imageConfig"]
            self.only("imageConfig", image, {"aspectRatio", "imageSize"})
            if image["aspectRatio"] not in GEMINI_RATIOS or image.get("imageSize", "1K") not in ("1K", "2K", "4K"):
                self.fault(f"gemini: {image}")
        else:
            self.only("generationConfig", config, {"responseMimeType", "responseJsonSchema"}, {"responseJsonSchema"})
            self.check_schema("gemini", config["responseJsonSchema"], strict=False)

    def read_anthropic(self, body):
        self.only("anthropic", body, {"model", "max_tokens", "system", "messages", "output_config"},
                  {"model", "max_tokens", "messages"})
        for block in body["messages"][0]["content"]:
            if block["type"] == "image":
                source = block["source"]
                self.only("source", source, {"type", "media_type", "data"}, {"type", "media_type", "data"})
                self.check_picture("anthropic", source["media_type"], source["data"])
            elif set(block) != {"type", "text"} or not block["text"]:
                self.fault(f"anthropic: a block with {sorted(block)}")
        output = body["output_config"]["format"]
        self.only("format", output, {"type", "schema"}, {"type", "schema"})
        self.check_schema("anthropic", output["schema"], strict=True, bounds=False)

    def read_openai(self, path, kind, body):
        if kind == "language":
            self.only("openai", body, {"model", "instructions", "input", "text", "store"}, {"model", "input", "text"})
            for part in body["input"][0]["content"]:
                if part["type"] == "input_image":
                    self.check_url(part["image_url"])
                elif set(part) != {"type", "text"} or part["type"] != "input_text" or not part["text"]:
                    self.fault(f"openai: a part with {sorted(part)}")
            output = body["text"]["format"]
            self.only("format", output, {"type", "name", "strict", "schema"}, {"type", "name", "strict", "schema"})
            self.check_schema("openai", output["schema"], strict=True)
        elif kind == "image":
            edits = path.endswith("edits")
            self.only("openai", body, {"model", "prompt", "n", "size", "output_format"} | ({"images"} if edits else set()),
                      {"model", "prompt"} | ({"images"} if edits else set()))
            if not 1 <= len(body["prompt"]) <= 32000:
                self.fault("openai: the prompt is too long")
            for image in body.get("images", []):
                self.only("images", image, {"image_url"}, {"image_url"})
                self.check_url(image["image_url"])
            width, height = map(int, body["size"].split("x"))
            if width % 16 or height % 16 or max(width, height) > 3 * min(width, height) or \
                    not 655_360 <= width * height <= 8_294_400:
                self.fault(f"openai: size {body['size']}")
        else:
            self.only("openai", body, {"model", "input", "encoding_format"}, {"model", "input"})

    def check_url(self, url):
        found = re.fullmatch(r"data:([\w/]+);base64,(.*)", url)
        if not found:
            self.fault("openai: no data URL")
        else:
            self.check_picture("openai", found[1], found[2])

    def check_schema(self, where, schema, strict, bounds=True):
        known = {"type", "properties", "required", "additionalProperties", "items", "enum", "description", "title"}
        known |= {"minimum", "maximum"} if bounds else set()
        for word in set(schema) - known:
            self.fault(f"{where}: a schema with {word}")
        if "properties" in schema:
            if strict and (schema.get("additionalProperties") is not False
                           or set(schema.get("required", [])) != set(schema["properties"])):
                self.fault(f"{where}: a schema that is not strict")
            for member in schema["properties"].values():
                self.check_schema(where, member, strict, bounds)
        if "items" in schema:
            self.check_schema(where, schema["items"], strict, bounds)

    # What is answered ------------------------------------------------------------------------

    def written(self, schema, what):
        if what == "against":
            return json.dumps({"verdict": "pass"})
        return json.dumps(self.answer(schema) if self.answer else document_for(schema))

    def gemini_language(self, body, what):
        if what == "refuse":
            return {"promptFeedback": {"blockReason": "SAFETY"}}
        text = self.written(body["generationConfig"]["responseJsonSchema"], what)
        return {"candidates": [{"content": {"role": "model", "parts": [{"text": "hm", "thought": True}, {"text": text}]},
                                "finishReason": "STOP", "index": 0}], "usageMetadata": {"totalTokenCount": 5}}

    def anthropic_language(self, body, what):
        answer = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": [],
                  "stop_reason": "refusal", "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1}}
        if what != "refuse":
            answer["content"] = [{"type": "text", "text": self.written(body["output_config"]["format"]["schema"], what)}]
            answer["stop_reason"] = "end_turn"
        return answer

    def openai_language(self, body, what):
        part = {"type": "refusal", "refusal": "no"} if what == "refuse" else {
            "type": "output_text", "annotations": [], "text": self.written(body["text"]["format"]["schema"], what)}
        return {"id": "resp_1", "object": "response", "status": "completed", "error": None, "incomplete_details": None,
                "output": [{"type": "reasoning", "id": "rs_1", "summary": []},
                           {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                            "content": [part]}], "usage": {"total_tokens": 5}}

    def picture(self, width, height, prompt, what):
        if what == "against":
            return base64.b64encode(b"GIF89a" + bytes(20)).decode()
        if what == "tiny":
            width = height = 16
        if what == "strip":
            width, height = 2000, 200
        if self.drawn and not what:
            return base64.b64encode(self.drawn).decode()
        return base64.b64encode(png(width, height, hashlib.sha256(prompt.encode()).digest()[:3])).decode()

    def gemini_image(self, body, what):
        if what == "refuse":
            return {"candidates": [{"finishReason": "IMAGE_SAFETY", "index": 0}]}
        width, height = GEMINI_RATIOS[body["generationConfig"]["imageConfig"]["aspectRatio"]]
        data = self.picture(width, height, body["contents"][0]["parts"][-1]["text"], what)
        return {"candidates": [{"content": {"role": "model", "parts": [
            {"text": "Here it is."}, {"inlineData": {"mimeType": "image/png", "data": data}}]}, "finishReason": "STOP"}]}

    def openai_image(self, body, what):
        width, height = map(int, body["size"].split("x"))
        if what == "refuse":
            return {"created": 1, "data": []}
        return {"created": 1, "size": body["size"], "output_format": "png",
                "data": [{"b64_json": self.picture(width, height, body["prompt"], what)}]}

    def openai_embedding(self, body, _):
        return {"object": "list", "model": body["model"], "data": [
            {"object": "embedding", "index": i, "embedding": [1.0, float(len(text))]} for i, text in enumerate(body["input"])]}


def document_for(schema):
    """The least document that a schema takes: clear, good, brief."""
    types = schema.get("type", "object")
    kind = types if isinstance(types, str) else types[0]
    if "enum" in schema:
        return "clear" if "clear" in schema["enum"] else schema["enum"][0]
    if kind == "object":
        return {name: document_for(member) for name, member in schema.get("properties", {}).items()}
    return {"array": [], "string": "as it should be", "number": 8.5, "integer": 8, "boolean": True, "null": None}[kind]
