package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
  private final TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT);
  private final FileSystem fs = machine.fs;

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aNameIsThereOnce() {
    fs.makeDirectory("/a");
    fs.create("/b").close();

    assertFails(Errno.EEXIST, () -> fs.makeDirectory("/a"));
    assertFails(Errno.EEXIST, () -> fs.create("/a"));
    assertFails(Errno.EEXIST, () -> fs.create("/b"));
    assertFails(Errno.EEXIST, () -> fs.makeDirectory("/"));
    assertFails(Errno.EEXIST, () -> fs.reflink("/b", "/a"));
    assertFails(Errno.EEXIST, () -> fs.reflink("/b", "/b"));
  }

  @Test
  void whatIsNotThereCannotBeUsed() {
    assertFails(Errno.ENOENT, () -> fs.open("/a"));
    assertFails(Errno.ENOENT, () -> fs.unlink("/a"));
    assertFails(Errno.ENOENT, () -> fs.list("/a"));
    assertFails(Errno.ENOENT, () -> fs.extents("/a"));
    assertFails(Errno.ENOENT, () -> fs.create("/a/b"));
    assertFails(Errno.ENOENT, () -> fs.reflink("/a", "/b"));
  }

  @Test
  void aFileIsNoDirectoryAndADirectoryNoFile() {
    fs.create("/file").close();
    fs.makeDirectory("/directory");

    assertFails(Errno.ENOTDIR, () -> fs.create("/file/a"));
    assertFails(Errno.ENOTDIR, () -> fs.open("/file/a"));
    assertFails(Errno.ENOTDIR, () -> fs.list("/file"));
    assertFails(Errno.ENOTDIR, () -> fs.unlink("/file/a"));
    assertFails(Errno.EISDIR, () -> fs.open("/directory"));
    assertFails(Errno.EISDIR, () -> fs.unlink("/directory"));
    assertFails(Errno.EISDIR, () -> fs.reflink("/directory", "/other"));
    assertFails(Errno.EISDIR, () -> fs.unlink("/"));
  }

  @Test
  void aNameHasAtMost255BytesOfUtf8() {
    fs.create("/" + "a".repeat(255)).close();
    fs.create("/" + "ä".repeat(127) + "b").close();

    assertFails(Errno.ENAMETOOLONG, () -> fs.create("/" + "a".repeat(256)));
    assertFails(Errno.ENAMETOOLONG, () -> fs.create("/" + "ä".repeat(128)));
    assertFails(Errno.ENAMETOOLONG, () -> fs.open("/" + "a".repeat(256) + "/b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "", "/.", "/..", "/a/../b", "/half a pair \uD800"})
  void aPathThatIsNoneIsRefused(String path) {
    assertFails(Errno.EINVAL, () -> fs.create(path));
  }

  @Test
  void listingIsInByteOrderOfNames() {
    String[] inOrder = {
      " ", "$", "A", "B", "a", "a.", "a0", "aa", "b", "\u00e9", "\ufffd", "\ud83d\udd11"
    };
    for (int i = inOrder.length - 1; i >= 0; i--) {
      fs.create("/" + inOrder[i]).close();
    }
    assertThat(fs.list("/")).extracting(DirectoryEntry::name).containsExactly(inOrder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"e\u0301", "\u00e9", "line\nbreak", "\u202eright to left", "\0", " "})
  void anyNameInUtf8IsKeptAsItIs(String name) {
    fs.makeDirectory("/" + name);
    machine.write("/" + name + "/" + name, new byte[5]);
    machine.remount();

    assertThat(machine.fs.list("/")).containsExactly(new DirectoryEntry(name, true, 0));
    assertThat(machine.fs.list("/" + name)).containsExactly(new DirectoryEntry(name, false, 5));
  }

  @Test
  void manyNamesInOneDirectorySurviveARemount() {
    for (int i = 0; i < 500; i++) {
      fs.create("/file" + i).close();
    }
    for (int i = 0; i < 500; i += 2) {
      fs.unlink("/file" + i);
    }
    machine.remount();

    assertThat(machine.fs.list("/")).hasSize(250).isSortedAccordingTo(this::byName);
  }

  private int byName(DirectoryEntry one, DirectoryEntry other) {
    return one.name().compareTo(other.name());
  }
}
