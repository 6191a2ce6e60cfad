package io.modelserver.registry.live;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

import io.modelserver.registry.store.FileIdentity;
import io.modelserver.registry.store.LoadedFile;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class DiskComparisonTest {

    @TempDir
    Path temp;

    private final Queue<Runnable> reads = new ArrayDeque<>();

    private final DiskComparison disk = new DiskComparison(reads::add);

    private Path path;

    private LoadedFile loaded;

    @BeforeEach
    void loadAFile() throws Exception {
        path = Files.writeString(temp.resolve("model.pt"), "loaded");
        loaded = new LoadedFile(path, FileIdentity.of(path), DigestUtils.sha256Hex("loaded"));
    }

    @Test
    void aFileThatIsAsItWasIsNotRead() {
        assertThat(disk.hasChanged(loaded)).isFalse();
        assertThat(reads).isEmpty();
    }

    @Test
    void aFileThatIsOverwrittenIsReadOnceAndHasChanged() throws Exception {
        Files.writeString(path, "others");

        assertThat(disk.hasChanged(loaded)).isFalse();
        assertThat(disk.hasChanged(loaded)).isFalse();
        assertThat(reads).hasSize(1);
        reads.remove().run();

        assertThat(disk.hasChanged(loaded)).isTrue();
        assertThat(disk.hasChanged(loaded)).isTrue();
        assertThat(reads).isEmpty();
    }

    @Test
    void aFileOfTheSameSizeAndTimeIsNoticed() throws Exception {
        FileTime time = Files.getLastModifiedTime(path);
        Files.writeString(path, "others");
        Files.setLastModifiedTime(path, time);

        disk.hasChanged(loaded);
        reads.remove().run();

        assertThat(disk.hasChanged(loaded)).isTrue();
    }

    @Test
    void aFileOfOtherAttributesWithTheSameBytesHasNotChanged() throws Exception {
        Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));

        disk.hasChanged(loaded);
        reads.remove().run();

        assertThat(disk.hasChanged(loaded)).isFalse();
        assertThat(reads).isEmpty();
    }

    @Test
    void aFileThatIsPutBackHasNotChangedAnyMore() throws Exception {
        Files.writeString(path, "others");
        disk.hasChanged(loaded);
        reads.remove().run();

        Files.writeString(path, "loaded");
        assertThat(disk.hasChanged(loaded)).isTrue();
        reads.remove().run();

        assertThat(disk.hasChanged(loaded)).isFalse();
    }

    @Test
    void whatIsReadInTimeIsKnownAtTheFirstLook() throws Exception {
        DiskComparison quick = new DiskComparison(Runnable::run);
        Files.writeString(path, "others");
        quick.begin(List.of(loaded));

        assertThat(quick.hasChanged(loaded)).isTrue();
    }

    @Test
    void aFileThatIsGoneHasChanged() throws Exception {
        Files.delete(path);

        assertThat(disk.hasChanged(loaded)).isTrue();
        assertThat(reads).isEmpty();
    }

    @Test
    void aFileThatIsServedNoMoreIsForgotten() throws Exception {
        Files.writeString(path, "others");
        disk.hasChanged(loaded);
        reads.remove().run();

        disk.begin(List.of());

        assertThat(disk.hasChanged(loaded)).isFalse();
        assertThat(reads).hasSize(1);
    }

}
