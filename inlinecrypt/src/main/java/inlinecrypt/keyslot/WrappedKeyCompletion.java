package inlinecrypt.keyslot;

import inlinecrypt.Errno;

/** Called once when a {@link WrappedKeyOperation} has ended. */
@FunctionalInterface
public interface WrappedKeyCompletion {
  /**
   * Takes what the operation gave.
   *
   * @param result {@link Errno#OK} or why it failed; {@link Errno#EBADMSG} for a blob that the
   *     hardware did not make, or made under another key
   * @param output the blob or the secret, empty if it failed; the receiver's to keep and to wipe
   */
  void done(Errno result, byte[] output);
}
