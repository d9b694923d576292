package blockdev.fs;

import inlinecrypt.fscrypt.ExtentContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A run of blocks on the device that was written once: what file extents point into. Files share it
 * after a reflink; relocation moves it and changes nothing else. Stored under its number in 16
 * bytes little-endian, first device block (8), length (4), references (4), and then as many bytes
 * of encryption context as the strategy keeps.
 *
 * @param references file extents that point into it; it is freed with the last one
 * @param context null if the strategy keeps none, or the contents are plain
 */
record DiskExtent(long deviceBlock, int blocks, int references, @Nullable ExtentContext context) {
  static final int BYTES_WITHOUT_CONTEXT = 16;

  byte[] encode(int contextBytes) {
    ByteBuffer record =
        ByteBuffer.allocate(BYTES_WITHOUT_CONTEXT + contextBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(deviceBlock)
            .putInt(blocks)
            .putInt(references);
    if (context != null) {
      record.put(context.encode());
    }
    return record.array();
  }

  static DiskExtent decode(byte[] bytes) {
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    ExtentContext context = null;
    if (bytes.length > BYTES_WITHOUT_CONTEXT && bytes[BYTES_WITHOUT_CONTEXT] != 0) {
      context = ExtentContext.parse(Arrays.copyOfRange(bytes, BYTES_WITHOUT_CONTEXT, bytes.length));
    }
    return new DiskExtent(record.getLong(0), record.getInt(8), record.getInt(12), context);
  }

  DiskExtent withReferences(int count) {
    return new DiskExtent(deviceBlock, blocks, count, context);
  }

  DiskExtent movedTo(long block) {
    return new DiskExtent(block, blocks, references, context);
  }
}
