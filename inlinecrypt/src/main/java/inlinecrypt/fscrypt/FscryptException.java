package inlinecrypt.fscrypt;

import inlinecrypt.Errno;

/**
 * A policy, context or master key does not allow what was asked. The message is one line that names
 * the field and its value; it never holds a secret.
 */
public final class FscryptException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Errno errno;

  FscryptException(Errno errno, String message) {
    super(message);
    this.errno = errno;
  }

  /**
   * What Linux would return: {@link Errno#EINVAL} for a malformed or unsupported value, {@link
   * Errno#ENOKEY} if the master key is not there or too short.
   */
  public Errno errno() {
    return errno;
  }
}
