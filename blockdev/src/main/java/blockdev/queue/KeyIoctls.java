package blockdev.queue;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.WrappedKeyOperation;
import inlinecrypt.keyslot.WrappedKeys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The ioctls of a block device that make hardware-wrapped keys, as a program calls them: a number,
 * and the address of a structure in the program's memory. Structures, checks and their order are
 * those of {@code include/uapi/linux/blk-crypto.h} and {@code blk_crypto_ioctl}. All fields are 64
 * bits little-endian; a pointer is an offset into the program's memory, lt is the long-term blob,
 * eph the ephemeral one:
 *
 * <pre>
 * import    0 raw ptr | 8 raw size | 16 lt ptr | 24 lt size | 32 reserved, zero (32)
 * generate  0 lt ptr | 8 lt size | 16 reserved, zero (32)
 * prepare   0 lt ptr | 8 lt size | 16 eph ptr | 24 eph size | 32 reserved, zero (32)
 * </pre>
 *
 * <p>The size of a blob that comes out is its buffer's before the call, and its own after it.
 */
public final class KeyIoctls {
  /** BLKCRYPTOIMPORTKEY: type 12h, number 137, 64 bytes in and out. */
  public static final int IMPORT_KEY = 0xC0401289;

  /** BLKCRYPTOGENERATEKEY: number 138, 48 bytes in and out. */
  public static final int GENERATE_KEY = 0xC030128A;

  /** BLKCRYPTOPREPAREKEY: number 139, 64 bytes in and out. */
  public static final int PREPARE_KEY = 0xC040128B;

  private static final int MIN_RAW_BYTES = 16;
  private static final int MAX_RAW_BYTES = 64;
  private static final int RESERVED_BYTES = 32;
  private static final byte[] NO_INPUT = {};
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final WrappedKeys keys;
  private final MemorySegment program;

  /**
   * @param keys the block device's
   * @param program the memory of the calling program
   */
  public KeyIoctls(WrappedKeys keys, MemorySegment program) {
    this.keys = keys;
    this.program = program;
  }

  /**
   * Calls the ioctl {@code command} with the structure at {@code argument}.
   *
   * @param done told what {@code errno} would be, in the order of the checks: EOPNOTSUPP if the
   *     device has no inline encryption, ENOTTY for another command, EFAULT, EINVAL, what the
   *     operation failed with, EOVERFLOW if the buffer is too small. May be told before this
   *     returns.
   */
  public void call(int command, long argument, KeyslotCompletion done) {
    if (!keys.hasProfile()) {
      done.done(Errno.EOPNOTSUPP);
      return;
    }
    switch (command) {
      case IMPORT_KEY ->
          inAndOut(WrappedKeyOperation.IMPORT, argument, MIN_RAW_BYTES, MAX_RAW_BYTES, done);
      case GENERATE_KEY -> generate(argument, done);
      case PREPARE_KEY ->
          inAndOut(WrappedKeyOperation.PREPARE, argument, 0, CryptoKey.MAX_WRAPPED_BYTES, done);
      default -> done.done(Errno.ENOTTY);
    }
  }

  private void generate(long argument, KeyslotCompletion done) {
    Errno refusal = checkStructure(argument, 16);
    if (refusal != Errno.OK) {
      done.done(refusal);
      return;
    }
    perform(WrappedKeyOperation.GENERATE, NO_INPUT, argument, done);
  }

  /** Import and prepare: a key goes in, a blob comes out. */
  private void inAndOut(
      WrappedKeyOperation operation,
      long argument,
      int minBytes,
      int maxBytes,
      KeyslotCompletion done) {
    Errno refusal = checkStructure(argument, 32);
    if (refusal != Errno.OK) {
      done.done(refusal);
      return;
    }
    long inputBytes = program.get(U64, argument + 8);
    if (Long.compareUnsigned(inputBytes, minBytes) < 0
        || Long.compareUnsigned(inputBytes, maxBytes) > 0) {
      done.done(Errno.EINVAL);
      return;
    }
    long inputAt = program.get(U64, argument);
    if (!isMapped(inputAt, inputBytes)) {
      done.done(Errno.EFAULT);
      return;
    }
    byte[] input = program.asSlice(inputAt, inputBytes).toArray(ValueLayout.JAVA_BYTE);
    perform(operation, input, argument + 16, done);
  }

  /** Whether the structure is there, and the reserved words at its end are zero. */
  private Errno checkStructure(long argument, int reserved) {
    if (!isMapped(argument, reserved + RESERVED_BYTES)) {
      return Errno.EFAULT;
    }
    for (int at = reserved; at < reserved + RESERVED_BYTES; at += Long.BYTES) {
      if (program.get(U64, argument + at) != 0) {
        return Errno.EINVAL;
      }
    }
    return Errno.OK;
  }

  /** Wipes the copies of what goes in and out, however it ends. */
  private void perform(
      WrappedKeyOperation operation, byte[] input, long outputField, KeyslotCompletion done) {
    long blobAt = program.get(U64, outputField);
    long blobBytes = program.get(U64, outputField + 8);
    keys.perform(
        operation,
        input,
        (result, blob) -> {
          Errno told = result == Errno.OK ? copyOut(blob, blobAt, blobBytes, outputField) : result;
          Arrays.fill(input, (byte) 0);
          Arrays.fill(blob, (byte) 0);
          done.done(told);
        });
  }

  private Errno copyOut(byte[] blob, long blobAt, long blobBytes, long outputField) {
    if (Long.compareUnsigned(blob.length, blobBytes) > 0) {
      return Errno.EOVERFLOW;
    }
    if (!isMapped(blobAt, blob.length)) {
      return Errno.EFAULT;
    }
    MemorySegment.copy(blob, 0, program, ValueLayout.JAVA_BYTE, blobAt, blob.length);
    program.set(U64, outputField + 8, blob.length);
    return Errno.OK;
  }

  private boolean isMapped(long at, long bytes) {
    return at >= 0 && at <= program.byteSize() - bytes;
  }
}
