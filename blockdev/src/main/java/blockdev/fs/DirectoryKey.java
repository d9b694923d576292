package blockdev.fs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * The key of a directory entry: the directory's inode and a name, ordered by the inode and then by
 * the bytes of the name in UTF-8.
 */
final class DirectoryKey implements Comparable<DirectoryKey> {
  /** The longest name, in bytes ({@code NAME_MAX}). */
  static final int MAX_NAME_BYTES = 255;

  private final long directory;
  private final byte[] name;

  /** {@code name} may be empty, which comes before every entry of the directory. */
  DirectoryKey(long directory, String name) {
    this(directory, name.getBytes(StandardCharsets.UTF_8));
    if (!name().equals(name)) {
      throw new IllegalArgumentException("the name has no encoding in UTF-8: " + name);
    }
  }

  private DirectoryKey(long directory, byte[] name) {
    if (name.length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "a name has at most " + MAX_NAME_BYTES + " bytes, not " + name.length);
    }
    this.directory = directory;
    this.name = name;
  }

  long directory() {
    return directory;
  }

  String name() {
    return new String(name, StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(DirectoryKey other) {
    int order = Long.compareUnsigned(directory, other.directory);
    return order != 0 ? order : Arrays.compareUnsigned(name, other.name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DirectoryKey key && compareTo(key) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(directory) + Arrays.hashCode(name);
  }

  @Override
  public String toString() {
    return directory + "/" + name();
  }

  /** In a map: the inode in 8 bytes, big-endian, one byte of length, and the name. */
  static final class KeyType extends BasicDataType<DirectoryKey> {
    static final KeyType INSTANCE = new KeyType();

    private KeyType() {}

    @Override
    public int compare(DirectoryKey one, DirectoryKey other) {
      return one.compareTo(other);
    }

    @Override
    public int getMemory(DirectoryKey key) {
      return FixedBytesType.OBJECT_BYTES + Long.BYTES + key.name.length;
    }

    @Override
    public boolean isMemoryEstimationAllowed() {
      return false;
    }

    @Override
    public void write(WriteBuffer target, DirectoryKey key) {
      target.putLong(key.directory).put((byte) key.name.length).put(key.name);
    }

    @Override
    public DirectoryKey read(ByteBuffer source) {
      long directory = source.getLong();
      byte[] name = new byte[Byte.toUnsignedInt(source.get())];
      source.get(name);
      return new DirectoryKey(directory, name);
    }

    @Override
    public DirectoryKey[] createStorage(int size) {
      return new DirectoryKey[size];
    }
  }
}
