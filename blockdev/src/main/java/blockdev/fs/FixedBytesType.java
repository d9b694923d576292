package blockdev.fs;

import java.nio.ByteBuffer;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Records of one length, as they are: the values of the metadata maps. */
final class FixedBytesType extends BasicDataType<byte[]> {
  /** What an object adds to its content, in the accounting by which MVStore splits pages. */
  static final int OBJECT_BYTES = 24;

  private final int lengthBytes;

  FixedBytesType(int lengthBytes) {
    if (lengthBytes < 0) {
      throw new IllegalArgumentException("lengthBytes must not be negative, is " + lengthBytes);
    }
    this.lengthBytes = lengthBytes;
  }

  /** MVStore asks for this in {@code put}, before it changes anything: the place to refuse. */
  @Override
  public int getMemory(byte[] record) {
    if (record.length != lengthBytes) {
      throw new IllegalArgumentException(
          "a record of this map has " + lengthBytes + " bytes, not " + record.length);
    }
    return OBJECT_BYTES + lengthBytes;
  }

  @Override
  public boolean isMemoryEstimationAllowed() {
    return false;
  }

  @Override
  public void write(WriteBuffer target, byte[] record) {
    target.put(record);
  }

  @Override
  public byte[] read(ByteBuffer source) {
    byte[] record = new byte[lengthBytes];
    source.get(record);
    return record;
  }

  @Override
  public byte[][] createStorage(int size) {
    return new byte[size][];
  }
}
