package blockdev.fs;

import inlinecrypt.fscrypt.FscryptContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An inode as it is stored, 64 bytes little-endian:
 *
 * <pre>
 * 0 kind (1) | 1 encrypted (1) | 4 links (4) | 8 size in bytes (8) | 16 encryption context (40)
 * </pre>
 *
 * @param links directory entries that name it; 0 for one that is only held open
 * @param context null for an inode without an encryption policy
 */
record InodeRecord(Kind kind, int links, long sizeBytes, @Nullable FscryptContext context) {
  static final int BYTES = 64;

  private static final int CONTEXT_AT = 16;
  private static final int CONTEXT_BYTES = 40;

  enum Kind {
    DIRECTORY,
    FILE
  }

  byte[] encode() {
    ByteBuffer record = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    record.put(0, (byte) (kind == Kind.DIRECTORY ? 1 : 2));
    record.putInt(4, links);
    record.putLong(8, sizeBytes);
    if (context != null) {
      record.put(1, (byte) 1);
      record.put(CONTEXT_AT, context.encode());
    }
    return record.array();
  }

  static InodeRecord decode(byte[] bytes) {
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    FscryptContext context = null;
    if (record.get(1) != 0) {
      context =
          FscryptContext.parse(Arrays.copyOfRange(bytes, CONTEXT_AT, CONTEXT_AT + CONTEXT_BYTES));
    }
    Kind kind = record.get(0) == 1 ? Kind.DIRECTORY : Kind.FILE;
    return new InodeRecord(kind, record.getInt(4), record.getLong(8), context);
  }

  InodeRecord withLinks(int count) {
    return new InodeRecord(kind, count, sizeBytes, context);
  }

  InodeRecord withSize(long bytes) {
    return new InodeRecord(kind, links, bytes, context);
  }

  InodeRecord withContext(FscryptContext value) {
    return new InodeRecord(kind, links, sizeBytes, value);
  }
}
