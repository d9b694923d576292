package blockdev.fs;

import inlinecrypt.Errno;

/** A filesystem operation that was refused or failed; its message is one line for people. */
public final class FsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  FsException(Errno errno, String message) {
    super(message + " (" + errno + ")");
    this.errno = errno;
  }

  FsException(Errno errno, String message, Throwable cause) {
    super(message + " (" + errno + ")", cause);
    this.errno = errno;
  }

  public Errno errno() {
    return errno;
  }
}
