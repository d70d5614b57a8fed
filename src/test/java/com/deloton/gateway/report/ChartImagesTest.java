package com.deloton.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.report.chart.ChartImages;
import com.deloton.gateway.report.chart.ChartImages.Picture;
import com.deloton.gateway.report.figures.DailyFigures.Counts;
import com.deloton.gateway.report.figures.DailyFigures.Totals;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ChartImagesTest {
    private static final int INK = 0xFF1F2937;
    private static final int FEMALE = 0xFF0F766E;
    private static final int MALE = 0xFFF0A43A;
    private static final int ZONE_5 = 0xFFC2410C;

    @Test
    void chartsHaveTwoPixelsForEachCssPixel() throws IOException {
        for (Picture picture : ChartImages.of(SampleDay.busy(60, null))) {
            BufferedImage image = image(picture);

            assertThat(image.getWidth()).as(picture.name()).isEqualTo(2 * ChartImages.WIDTH);
            assertThat(image.getHeight()).as(picture.name()).isEqualTo(2 * picture.height());
            Files.createDirectories(Path.of("target/report"));
            Files.write(Path.of("target/report", picture.name() + ".png"), picture.png());
        }
    }

    @Test
    void barsAndLettersHaveTheirColours() throws IOException {
        var pictures = ChartImages.of(SampleDay.busy(60, null));

        assertThat(pictures).extracting(Picture::name).containsExactly("hours", "riders", "power", "zones");
        assertThat(colours(pictures.get(0))).contains(INK, FEMALE);
        assertThat(colours(pictures.get(1))).contains(INK, FEMALE, MALE);
        assertThat(colours(pictures.get(2))).contains(INK, FEMALE, MALE);
        assertThat(colours(pictures.get(3))).contains(INK, ZONE_5);
    }

    @Test
    void aDayWithoutRidesHasNoCharts() {
        Totals none = new Totals(Counts.NONE, null, null);

        assertThat(ChartImages.of(SampleDay.empty(none, none, 0))).isEmpty();
    }

    private static Set<Integer> colours(Picture picture) throws IOException {
        BufferedImage image = image(picture);
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .mapToObj(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
                .collect(Collectors.toSet());
    }

    private static BufferedImage image(Picture picture) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(picture.png()));
    }
}
