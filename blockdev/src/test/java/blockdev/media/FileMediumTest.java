package blockdev.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileMediumTest {
  private static final int BYTES = 1 << 20;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void nameAnImage() {
    file = directory.resolve("disk.img");
  }

  @Test
  void aPublishedImageIsAFileWithWhatWasWritten() throws IOException {
    try (FileMedium medium = FileMedium.create(file, BYTES)) {
      medium.segment().set(ValueLayout.JAVA_BYTE, 4097, (byte) 7);
      medium.publish();
      medium.segment().set(ValueLayout.JAVA_BYTE, BYTES - 1, (byte) 9);
      medium.flush();
    }
    byte[] expected = new byte[BYTES];
    expected[4097] = 7;
    expected[BYTES - 1] = 9;
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    assertThat(filesInDirectory()).containsExactly("disk.img");
  }

  @Test
  void anExistingImageIsChangedInPlaceAndKeepsItsLength() throws IOException {
    byte[] before = new byte[3 * 4096];
    Arrays.fill(before, (byte) 1);
    Files.write(file, before);
    try (FileMedium medium = FileMedium.open(file)) {
      assertThat(medium.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
      medium.segment().set(ValueLayout.JAVA_BYTE, 5, (byte) 2);
    }
    before[5] = 2;
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void anImageHasNoNameBeforeItIsPublished() throws IOException {
    try (FileMedium medium = FileMedium.create(file, BYTES)) {
      assertThat(medium.segment().byteSize()).isEqualTo(BYTES);
      assertThat(file).doesNotExist();
    }
    assertThat(filesInDirectory()).isEmpty();
  }

  @Test
  void anExistingFileIsNeitherReplacedNorHidden() throws IOException {
    Files.writeString(file, "mine");
    assertThatThrownBy(() -> FileMedium.create(file, BYTES))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(file + ": exists already, and is not overwritten");
    assertThat(file).hasContent("mine");
    assertThat(filesInDirectory()).containsExactly("disk.img");
  }

  @Test
  void aFileThatAppearsMeanwhileIsNotReplacedByPublishing() throws IOException {
    try (FileMedium medium = FileMedium.create(file, BYTES)) {
      Files.writeString(file, "first");
      assertThatThrownBy(medium::publish).isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(file).hasContent("first");
    assertThat(filesInDirectory()).containsExactly("disk.img");
  }

  @Test
  void aCompanionGetsItsNameWithTheImage() throws IOException {
    Path key = directory.resolve("disk.img.key");
    Files.writeString(directory.resolve(".disk.img.key.part"), "left by a killed program");
    try (FileMedium medium = FileMedium.create(file, BYTES)) {
      medium.publishWith(key, new byte[] {1, 2, 3});
    }
    assertThat(key).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(Files.getPosixFilePermissions(key)).hasToString("[OWNER_READ, OWNER_WRITE]");
    assertThat(filesInDirectory()).containsExactly("disk.img", "disk.img.key");
  }

  @Test
  void anImageThatCannotBePublishedLeavesNoCompanion() throws IOException {
    try (FileMedium medium = FileMedium.create(file, BYTES)) {
      Files.writeString(file, "first");
      assertThatThrownBy(() -> medium.publishWith(directory.resolve("key"), new byte[] {1}))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(filesInDirectory()).doesNotContain("key");
    }
    assertThat(filesInDirectory()).containsExactly("disk.img");
  }

  @Test
  void aCompanionThatExistsIsNotReplacedAndTheImageNotPublished() throws IOException {
    Path key = Files.writeString(directory.resolve("key"), "precious");
    try (FileMedium medium = FileMedium.create(file, BYTES)) {
      assertThatThrownBy(() -> medium.publishWith(key, new byte[] {1}))
          .isInstanceOf(FileAlreadyExistsException.class)
          .hasMessageStartingWith(key.toString());
    }
    assertThat(key).hasContent("precious");
    assertThat(filesInDirectory()).containsExactly("key");
  }

  @Test
  void anImageThatWasPublishedBeforeItCouldBeLockedIsNotTruncated() throws IOException {
    UnpublishedImage late = UnpublishedImage.open(file);
    try (FileMedium medium = FileMedium.create(file, BYTES)) {
      medium.publish();
    }
    assertThatThrownBy(() -> FileMedium.create(late, 4096))
        .isInstanceOf(FileSystemException.class)
        .hasMessageStartingWith(file.toString());
    assertThat(file).hasSize(BYTES);
    assertThat(filesInDirectory()).containsExactly("disk.img");
  }

  @Test
  void aTemporaryFileThatWasDeletedBeforeItCouldBeLockedIsNotUsed() throws IOException {
    UnpublishedImage late = UnpublishedImage.open(file);
    FileMedium.create(file, BYTES).close();
    try (FileMedium medium = FileMedium.create(file, BYTES)) {
      assertThatThrownBy(() -> FileMedium.create(late, 4096))
          .isInstanceOf(FileSystemException.class);
      medium.publish();
    }
    assertThat(file).hasSize(BYTES);
  }

  @Test
  void whatAKilledProgramLeftIsOverwritten() throws IOException {
    Files.write(directory.resolve(".disk.img.part"), new byte[] {1, 2, 3});
    try (FileMedium medium = FileMedium.create(file, 4096)) {
      medium.publish();
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(new byte[4096]);
    assertThat(filesInDirectory()).containsExactly("disk.img");
  }

  @Test
  void anImageThatAnotherIsMakingIsLeftAlone() throws IOException {
    try (FileMedium medium = FileMedium.create(file, BYTES)) {
      assertThatThrownBy(() -> FileMedium.create(file, BYTES))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("in use by another program");
      medium.publish();
    }
    assertThat(file).hasSize(BYTES);
  }

  @Test
  void anImageThatTheDiskHasNoRoomForIsRefused() throws IOException {
    long bytes = 1L << 60;
    assertThatThrownBy(() -> FileMedium.create(file, bytes))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("needs " + bytes + " bytes, but its disk has room for ");
    assertThat(filesInDirectory()).isEmpty();
  }

  @Test
  void anImageNeedsADirectory() {
    Path nowhere = directory.resolve("no/disk.img");
    assertThatThrownBy(() -> FileMedium.create(nowhere, BYTES))
        .hasMessage(nowhere + ": no such directory: " + nowhere.getParent());
    assertThatThrownBy(() -> FileMedium.open(file))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(file + ": no such image file");
    assertThatThrownBy(() -> FileMedium.openReadOnly(directory))
        .hasMessage(directory + ": no such image file");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 4097, 6 * 4096 + 512})
  void aLengthThatIsNoImagesIsRefusedAndNotChanged(int length) throws IOException {
    assertThatThrownBy(() -> FileMedium.create(file, length))
        .hasMessage(file + ": an image has a multiple of 4096 bytes, not " + length);
    Files.write(file, new byte[length]);
    assertThatThrownBy(() -> FileMedium.open(file))
        .hasMessage(file + ": an image has a multiple of 4096 bytes, not " + length);
    assertThatThrownBy(() -> FileMedium.openReadOnly(file)).isInstanceOf(FileSystemException.class);
    assertThat(file).hasSize(length);
  }

  @Test
  void anImageHasOneWriterOrManyReaders() throws IOException {
    Files.write(file, new byte[4096]);
    try (FileMedium writer = FileMedium.open(file)) {
      assertThat(writer.segment().isReadOnly()).isFalse();
      assertInUse(() -> FileMedium.open(file));
      assertInUse(() -> FileMedium.openReadOnly(file));
    }
    try (FileMedium reader = FileMedium.openReadOnly(file)) {
      assertThat(reader.segment().isReadOnly()).isTrue();
      assertInUse(() -> FileMedium.open(file));
    }
    FileMedium.open(file).close();
  }

  @Test
  void aReaderChangesNoByteAndCannot() throws IOException {
    byte[] content = new byte[2 * 4096];
    Arrays.fill(content, (byte) 5);
    Files.write(file, content);
    Object modified = Files.getLastModifiedTime(file);
    assertThat(file.toFile().setWritable(false)).isTrue();
    try (FileMedium medium = FileMedium.openReadOnly(file)) {
      MemorySegment segment = medium.segment();
      assertThat(segment.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
      assertThatThrownBy(() -> segment.fill((byte) 0)).isInstanceOf(IllegalArgumentException.class);
      medium.flush();
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(modified);
  }

  @Test
  void theSegmentEndsWithTheMedium() throws IOException {
    Files.write(file, new byte[4096]);
    MemorySegment segment;
    try (FileMedium medium = FileMedium.open(file)) {
      segment = medium.segment();
    }
    assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void closingUnmaps() throws IOException {
    try (FileMedium medium = FileMedium.create(file, BYTES)) {
      medium.publish();
    }
    try (FileMedium medium = FileMedium.open(file)) {
      assertThat(medium.segment().byteSize()).isEqualTo(BYTES);
      assertThat(mappings()).anyMatch(line -> line.endsWith(file.toString()));
    }
    assertThat(mappings()).noneMatch(line -> line.contains("disk.img"));
  }

  private static List<String> mappings() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps"));
  }

  private List<String> filesInDirectory() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertInUse(Opening opening) {
    assertThatThrownBy(opening::open)
        .isInstanceOf(FileSystemException.class)
        .hasMessageEndingWith("in use by another program");
  }

  private interface Opening {
    Medium open() throws IOException;
  }
}
