// The bottle at the end of a jetty, early in the morning.
#version 3.7;
global_settings { assumed_gamma 1.0 }
#include "studio.inc"
#include "products.inc"
#include "place.inc"

camera {
  perspective location <6.5, 17, -82> look_at <-3.5, 16.2, 0>
  right x up y angle 29
}
Backdrop("lake.png", 620, 620, 420, -270)
sphere { 0, 1500
  pigment { gradient y color_map { [0 rgb 0.12] [0.5 rgb <0.52, 0.5, 0.46>] [1 rgb <0.5, 0.6, 0.7>] }
            scale 3000 translate -y * 1500 }
  finish { emission 1 diffuse 0 } hollow no_image no_shadow }
light_source { <-160, 130, 60> rgb <1.5, 1.2, 0.86>
  area_light x * 26, z * 26, 5, 5 adaptive 1 jitter circular orient }
light_source { <40, 60, -120> rgb <0.34, 0.38, 0.42> area_light x * 60, y * 40, 4, 4 adaptive 1 jitter }
light_source { <0, 90, -20> rgb <0.16, 0.18, 0.20> shadowless }
light_source { <-70, 24, -60> rgb <0.30, 0.26, 0.2> area_light y * 40, z * 20, 4, 4 adaptive 1 jitter }

// nine boards across, the nearest edge before the camera
#declare I = -7;
#while (I < 4)
  box {
    <-140, -3, I * 13 + 0.25>, <140, 0, I * 13 + 12.75>
    texture { Boards rotate y * 90 translate <I * 37, I * 3.7, I * 11> }
  }
  #declare I = I + 1;
#end
box { <-150, -12, -120>, <150, -4, 52> pigment { rgb 0.02 } }
object { Ridge_Closed rotate y * 8 }
