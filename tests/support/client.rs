//! A client that sends what it is told to, byte for byte.
//!
//! Client libraries refuse or repair what these tests are about: header values that are not UTF-8, blanks around them,
//! repeated headers, another `Host`, methods that nobody knows.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::Server;

/// No answer after this time is an error. A debug build on a busy machine needs a fraction of it.
const PATIENCE: Duration = Duration::from_secs(20);

/// One request.
#[derive(Clone, Debug)]
pub struct Call {
    method: String,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Vec<u8>>,
}

impl Call {
    /// A request with this method and path, and no header but `Host` and `Connection`.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        Call { method: method.to_owned(), path: path.to_owned(), headers: Vec::new(), body: None }
    }

    /// Adds a header. The same name again is a further line; `Host` takes the place of the server's address.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// Sets the body, and `Content-Length` with it.
    #[must_use]
    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = Some(body.as_ref().to_vec());
        self
    }

    /// Sends the request and waits for the answer.
    ///
    /// # Panics
    /// There is no answer.
    #[must_use]
    pub fn send(&self, server: &Server) -> Reply {
        self.send_to(server.address())
    }

    /// Sends the request to whatever listens there, and waits for the answer.
    ///
    /// # Panics
    /// There is no answer.
    #[must_use]
    pub fn send_to(&self, address: SocketAddr) -> Reply {
        match self.try_send_to(address) {
            Ok(reply) => reply,
            Err(error) => panic!("no answer to {} {}: {error}", self.method, self.path),
        }
    }

    /// Sends the request and waits for the answer.
    ///
    /// # Errors
    /// There is no answer; or a line break in the request, which HTTP cannot carry there (`InvalidInput`).
    pub fn try_send(&self, server: &Server) -> io::Result<Reply> {
        self.try_send_to(server.address())
    }

    fn try_send_to(&self, address: SocketAddr) -> io::Result<Reply> {
        let parts = self.headers.iter().flat_map(|(name, value)| [name.as_bytes(), value]);
        if parts.chain([self.method.as_bytes(), self.path.as_bytes()]).any(breaks_line) {
            return Err(io::Error::new(ErrorKind::InvalidInput, "a line break in a request"));
        }
        exchange_with(address, &self.to_bytes(address))
    }

    fn to_bytes(&self, address: SocketAddr) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.path).into_bytes();
        let mut line = |name: &str, value: &[u8]| {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        };
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            line("Host", address.to_string().as_bytes());
        }
        line("Connection", b"close");
        if let Some(body) = &self.body {
            line("Content-Length", body.len().to_string().as_bytes());
        }
        for (name, value) in &self.headers {
            line(name, value);
        }
        bytes.extend(b"\r\n");
        bytes.extend(self.body.iter().flatten());
        bytes
    }
}

fn breaks_line(bytes: &[u8]) -> bool {
    bytes.contains(&b'\r') || bytes.contains(&b'\n')
}

/// Sends bytes that need not be HTTP, and reads what comes back until the server closes the connection: a request among
/// them should ask for that.
///
/// # Errors
/// What came back is not an answer.
pub fn exchange(server: &Server, request: &[u8]) -> io::Result<Reply> {
    exchange_with(server.address(), request)
}

fn exchange_with(address: SocketAddr, request: &[u8]) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // A server that has read enough answers and closes: the rest cannot be written, and the answer is there.
    let written = stream.write_all(request);
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    if answer.is_empty() {
        written.and(read)?;
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Reply::parse(&answer, request.starts_with(b"HEAD "))
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidData, String::from_utf8_lossy(&answer)))
}

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The header lines, in their order: the name in lower case and the value.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The values of all lines of a header, whose name is given in any case.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&[u8]> {
        let named = |line: &&(String, Vec<u8>)| line.0.eq_ignore_ascii_case(name);
        self.headers.iter().filter(named).map(|(_, value)| value.as_slice()).collect()
    }

    /// The value of a header that has exactly one line.
    #[must_use]
    pub fn one(&self, name: &str) -> Option<&str> {
        match *self.all(name) {
            [value] => std::str::from_utf8(value).ok(),
            _ => None,
        }
    }

    /// The elements of a header that holds a comma-separated list, from all its lines.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<String> {
        let values = self.all(name);
        let elements = values.iter().flat_map(|value| value.split(|&byte| byte == b','));
        let trimmed = elements.map(<[u8]>::trim_ascii).filter(|element| !element.is_empty());
        trimmed.map(String::from_utf8_lossy).map(Cow::into_owned).collect()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The status and the headers, for the message of a failed test.
    #[must_use]
    pub fn head(&self) -> String {
        let mut head = format!("status {}", self.status);
        for (name, value) in &self.headers {
            let _ = write!(head, "; {name}: {}", value.escape_ascii());
        }
        head
    }

    /// Reads an answer that ends where the connection does.
    fn parse(answer: &[u8], to_head: bool) -> Option<Self> {
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
        let (head, rest) = (answer.get(..end)?, answer.get(end + 4..)?);
        let mut lines = head.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let status = lines.next()?.strip_prefix(b"HTTP/1.")?.get(2..5)?;
        let header = |line: &[u8]| {
            let colon = line.iter().position(|&byte| byte == b':')?;
            let name = String::from_utf8_lossy(line.get(..colon)?).to_ascii_lowercase();
            Some((name, line.get(colon + 1..)?.trim_ascii().to_vec()))
        };
        let mut reply = Reply {
            status: std::str::from_utf8(status).ok()?.parse().ok()?,
            headers: lines.map(header).collect::<Option<_>>()?,
            body: Vec::new(),
        };
        if reply.one("transfer-encoding") == Some("chunked") && !to_head {
            reply.body = unchunk(rest)?;
        } else {
            reply.body = rest.to_vec();
        }
        Some(reply)
    }
}

/// The body in a sequence of chunks ([RFC 9112, 7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1)).
fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(rest.get(..end)?).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let chunk = rest.get(end + 2..)?;
        body.extend(chunk.get(..size)?);
        rest = chunk.get(size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::Reply;

    #[test]
    fn an_answer_is_read() {
        let answer = b"HTTP/1.1 200 OK\r\nVary: Origin,  Accept \r\nA: \xff\r\nvary: x\r\n\r\nbody";
        let reply = Reply::parse(answer, false).expect("an answer");
        assert_eq!(reply.status, 200);
        assert_eq!(reply.list("Vary"), ["Origin", "Accept", "x"]);
        assert_eq!(reply.all("vary"), [b"Origin,  Accept".as_slice(), b"x"]);
        assert_eq!((reply.one("vary"), reply.one("a")), (None, None));
        assert_eq!(reply.text(), "body");
    }

    #[test]
    fn chunks_are_joined() {
        let answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
        let reply = Reply::parse(answer, false).expect("an answer");
        assert_eq!(reply.text(), "abcd");
        assert_eq!(Reply::parse(answer.strip_suffix(b"d\r\n0\r\n\r\n").expect("cut"), false), None);
    }
}
