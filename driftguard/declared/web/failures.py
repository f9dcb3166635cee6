"""The sentence for a request that failed. Nothing of the server's own words is quoted."""

from __future__ import annotations

import ssl

from urllib3 import exceptions

from driftguard.declared.web.error import WebError

_EXPIRED, _OTHER_HOST, _OTHER_ADDRESS = 10, 62, 64
"""X509_V_ERR_…: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/"""


def failure(error: Exception, place: str) -> WebError:
    """Return what to say of an exception of urllib3's or of the system's."""
    if isinstance(error, exceptions.ProxyError):
        return WebError(
            f"{place} can't be read: the proxy did not let the request through.",
            hint="Check HTTPS_PROXY and NO_PROXY.",
        )
    if isinstance(error, exceptions.SSLError | ssl.SSLError):
        return _tls(error, place)
    if isinstance(error, exceptions.LocationValueError | UnicodeError):
        return WebError(f"{place} is not a valid web address.", hint="Check the host's name.")
    return _network(error, place)


def _network(error: Exception, place: str) -> WebError:
    if isinstance(error, exceptions.NameResolutionError):
        return WebError(
            f"{place} can't be read: its host is not known.",
            hint="Check the host's name, the DNS and the proxy.",
        )
    if isinstance(error, exceptions.NewConnectionError):
        return WebError(
            f"{place} can't be read: nothing listens there.",
            hint="Check the host, the port and the proxy.",
        )
    if isinstance(error, exceptions.TimeoutError | TimeoutError):
        return WebError(
            f"{place} can't be read: the server does not answer.",
            hint="Check the network, the proxy and the server.",
            retryable=True,
        )
    if isinstance(error, exceptions.IncompleteRead | exceptions.ProtocolError | OSError):
        return WebError(
            f"{place} can't be read: the connection was cut off in the middle of the answer.",
            hint="Try again later; check the server and what stands before it.",
            retryable=True,
        )
    return WebError(
        f"{place} can't be read: the answer is not valid HTTP ({type(error).__name__}).",
        hint="Check the address, and whether it is http or https.",
    )


def _tls(error: Exception, place: str) -> WebError:
    cause = next((one for one in (*error.args, error) if isinstance(one, ssl.SSLError)), None)
    if not isinstance(cause, ssl.SSLCertVerificationError):
        return WebError(
            f"{place} can't be read: no secure connection came about.",
            hint="Check the port, and whether it is http or https.",
        )
    if cause.verify_code in (_OTHER_HOST, _OTHER_ADDRESS):
        return WebError(
            f"{place} can't be read: the server's certificate is for another host.",
            hint="Use the name that the certificate was issued for.",
        )
    if cause.verify_code == _EXPIRED:
        return WebError(
            f"{place} can't be read: the server's certificate has expired.",
            hint="Have it renewed.",
        )
    return WebError(
        f"{place} can't be read: the server's certificate is not trusted.",
        hint="Name your authority's file as `ca_file` in `state_access.web`, or in SSL_CERT_FILE.",
    )
